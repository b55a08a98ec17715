using static HybridConversations.Routing.SpokenWish;

namespace HybridConversations.Routing;

/// <summary>The wishes in Italian.</summary>
internal static class Italian
{
    private const string Secret = "privato|privata|segreto|segreta|riservato|riservata|confidenziale|riservate|privati";
    private const string Outside = "cloud|nuvola|internet|server|rete|web|google|openai|chatgpt";

    public static WishLanguage Wishes { get; } = new(
        new PlainGrammar("non|mai|senza", "io|lui|lei|noi"),
        Cloud: [
            Request("pensaci bene", "pensa*|pensi|rifletti*|ragiona* ..2 bene|molto|attentamente|profondamente|fondo|calma|seriamente"),
            Request("prenditi tempo", "prenditi|prendi|si_prenda ..2 tempo"),
            Request("chiedi al cloud", "chiedi|chiedere|chieda|usa|usare|usi|utilizza|consulta|interroga ..2 cloud|nuvola"),
            Request("usa il modello grande", "usa|usare|utilizza|chiedi|consulta il|al|tuo|un modello più? grande|migliore|potente|intelligente"),
            Request("chiedi a ChatGPT", "chiedi|usa|consulta ..1 chatgpt|gpt|openai")],
        Local: [
            Request("resta in locale", "resta|rimani|rispondi|lavora ..1 locale|localmente|offline"),
            Statement("senza cloud", "senza ..2 cloud|internet"),
            Statement("non usare il cloud", "non usare|chiedere|consultare|utilizzare ..1 cloud"),
            Statement("non pensarci troppo", "non pensarci|pensare ..1 troppo|tanto|molto"),
            Request("usa il modello piccolo", "usa|utilizza il|tuo modello piccolo|locale")],
        Privacy: [
            Statement("tienilo per te", "tieni*|tenga*|tenere|tenerlo|tenetelo ..3 per te|sé|voi|lei"),
            Statement("resti tra noi", "tra|fra noi|me_e_te|te_e_me"),
            Statement("tienilo segreto", $"tieni*|tenga*|tenere|tenerlo|mantieni*|mantenere|mantenga|tratta* ..4 {Secret}"),
            Statement("è privato", $"questo|è|sono|resti|resta|rimanga|rimane|deve|devono|cosa|quello ..3 {Secret}"),
            Statement("strettamente riservato", $"strettamente|assolutamente|totalmente {Secret}"),
            Statement("acqua in bocca", "acqua in bocca"),
            Statement("in confidenza", "in confidenza|segreto|privato"),
            Statement("non mandarlo nel cloud", $"non|niente|nulla|mai ..5 al|nel|sul|su|in|a|alla|nella|sulla|online la|un|nessun? {Outside}"),
            Statement("non dirlo a nessuno", "dirlo|dire|dica|dica_lo|raccontarlo|raccontare|rivelare|rivelarlo|parlarne|mostrarlo|ripeterlo|farne_parola ..2 nessuno"),
            Statement("nessuno deve saperlo", "nessuno ..2 deve|può|lo ..2 sapere|saperlo|sappia|sentire|vedere|sentirlo|vederlo"),
            Statement("non condividerlo", "non condivider*|diffonder*|caricar*|inoltrar*|divulgar*"),
            Statement("non deve uscire da qui", "non ..2 uscire|esca|esce|lasciare|lasci ..3 qui|dispositivo|casa|stanza"),
            Statement("resti sul dispositivo", "resti|resta|rimanga|rimanere|tieni*|lascia* ..3 sul|nel|in ..1 dispositivo|casa|jetson"),
            Statement("modalità privata", "attiva*|passa|entra|avvia|metti* ..3 modalità privata|riservata|segreta"),
            Statement("modalità privata", "modalità privata|riservata adesso|ora|per_favore|attiva")],
        Lift: [
            Statement("non è più privato", $"non ..2 più ..2 {Secret}"),
            Statement("non devi più tenerlo per te", "non ..2 più ..2 tenere|tenerlo ..2 te|segreto|privato"),
            Release("esci dalla modalità privata", "esci|uscire|disattiva*|termina*|chiudi|spegni ..2 modalità privata|riservata|segreta"),
            Release("puoi usare di nuovo il cloud", "usare|usa|chiedere|utilizzare di_nuovo|ancora|nuovamente ..1 cloud"),
            Release("puoi usare di nuovo il cloud", "cloud di_nuovo")]);
}
