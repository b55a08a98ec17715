using static HybridConversations.Routing.SpokenWish;

namespace HybridConversations.Routing;

/// <summary>The wishes in German.</summary>
internal static class German
{
    private const string Secret = "privat|geheim|vertraulich|unter_uns";
    private const string Outside = "cloud|internet|netz|web|server|google|openai|chatgpt";
    private const string Mode = "privatmodus|privatsphäremodus|privaten_modus|private_modus|geheimen_modus|geheimmodus";

    public static WishLanguage Wishes { get; } = new(
        new PlainGrammar("nicht|nie|niemals|kein|keine|ohne|statt", "ich|wir|er|man|ihr", "ist_das|ist_es|ist_dies|ist_dieses|ist_alles|sind_die|sagt|sagte|sagen|gesagt|heißt|wenn|ob|falls"),
        Cloud: [
            Request("denk gut nach", "denk|denke|denken ..2 gut|genau|gründlich|scharf|intensiv|lange|tief|ordentlich ..2 nach|drüber|darüber"),
            Request("überleg gut", "überleg|überlege|überlegen ..3 gut|genau|gründlich|lange|sorgfältig"),
            Request("nimm dir Zeit", "nimm|nehmen|lass ..1 dir|sich zeit"),
            Request("streng dich an", "streng dich ..1 an"),
            Request("frag die Cloud", "frag|frage|fragen|nutz|nutze|benutz|benutze|benutzen|verwende|verwenden|nimm ..2 cloud"),
            Request("frag die Cloud", "die|in_der cloud fragen|nutzen|benutzen|verwenden|beantworten|lösen"),
            Request("nimm das große Modell", "frag|frage|nutz|nutze|benutz|benutze|verwende|nimm das|dein|ein große|größere|stärkere|bessere|größte|beste|schlauere modell"),
            Request("frag ChatGPT", "frag|frage|nutz|nutze|benutz|benutze|verwende ..1 chatgpt|gpt|openai")],
        Local: [
            Request("bleib lokal", "bleib|bleibe|bleiben|antworte|antworten|rechne ..2 lokal|offline"),
            Statement("ohne Cloud", "ohne ..1 cloud|internet"),
            Statement("nicht die Cloud", "nicht|keine die? cloud ..1 fragen|nutzen|benutzen|bitte?"),
            Statement("die Cloud nicht", "die cloud nicht"),
            Statement("denk nicht lange nach", "denk|denke|überleg|überlege ..1 nicht ..2 lange|viel|groß"),
            Request("nimm das kleine Modell", "nimm|nutz|nutze|benutz|benutze|frag das|dein kleine|lokale|eigene modell")],
        Privacy: [
            Statement("behalt das für dich", "behalt|behalte|behalten|behaltet|behältst ..3 für dich|euch|sich"),
            Statement("behalt das für dich", "für dich|euch|sich behalten|behältst"),
            Statement("das bleibt unter uns", "bleibt|bleiben|bleibe|nur|bitte|ganz ..2 unter uns"),
            Statement("das bleibt unter uns", "unter uns bleiben|bleibt|gesagt"),
            Statement("das bleibt unter uns", "zwischen dir|ihnen und mir"),
            Statement("das ist privat", $"das|dies|dieses|es|alles|hier ist|sind|bleibt|bleiben|muss|soll|war ..2 {Secret}"),
            Statement("halte das geheim", $"halt|halte|halten|haltet|behandel|behandle|behandeln|behalt|behalte ..3 {Secret}"),
            Statement("streng vertraulich", $"streng|strikt|absolut|bitte {Secret}"),
            Statement("kein Wort", "kein|nicht_ein wort ..1 davon|darüber|hierüber|an|zu|weiter"),
            Statement("nur für dich", "nur für dich|sie|euch bestimmt|gedacht|allein"),
            Statement("im Vertrauen", "im vertrauen|geheimen"),
            Statement("schick das nicht in die Cloud", $"nicht|nichts|niemals|nie|keinesfalls|keine|kein|keinen|keinem ..4 in|an|ins|zu|zur|zum|über|auf|im die|den|das|der|einen|irgendeine? {Outside}"),
            Statement("sag das niemandem", "erzähl|erzähle|erzählen|sag|sage|sagen|verrat|verrate|verraten|zeig|zeige ..4 niemand*|keinem|keiner"),
            Statement("niemand darf das wissen", "niemand|keiner ..2 darf|soll|muss|sollte ..3 wissen|erfahren|hören|sehen"),
            Statement("niemand darf das wissen", "darf|soll|sollte ..2 niemand|keiner ..2 wissen|erfahren|hören|sehen"),
            Statement("sag das nicht weiter", "erzähl|erzähle|sag|sage|gib|leite ..2 nicht weiter"),
            Statement("nicht weitersagen", "nicht|nichts ..2 weitersagen|weitererzählen|weitergeben|weitergegeben|weiterleiten|hochladen|hochgeladen|teilen|verraten|ausplaudern"),
            Statement("das verlässt das Gerät nicht", "gerät|haus|raum|zimmer ..1 nicht ..1 verlassen|verlässt?"),
            Statement("das bleibt auf dem Gerät", "bleib|bleibt|bleiben|behalt|behalte|lass|lasse ..3 auf|im dem|diesem|deinem|meinem? gerät|jetson|haus"),
            Statement("das bleibt auf dem Gerät", "auf|im dem|diesem|deinem|meinem? gerät|jetson ..1 bleiben|bleibt|behalten"),
            Statement("Privatmodus an", $"aktivier*|start*|schalt*|wechsl*|geh*|mach ..3 {Mode}"),
            Statement("Privatmodus an", $"{Mode} ..1 an|ein|einschalten|aktivieren|starten|anmachen|bitte")],
        Lift: [
            Statement("das ist nicht mehr privat", $"nicht|nichts mehr|länger ..1 {Secret}"),
            Statement("nicht mehr geheim halten", $"nicht mehr|länger ..2 {Secret} ..1 halten|behandeln|bleiben?"),
            Statement("nicht mehr für dich behalten", "nicht mehr|länger ..1 für dich|sich|euch behalten"),
            Release("Privatmodus aus", $"beende|beenden|deaktiviere|deaktivieren|verlasse|verlassen ..2 {Mode}"),
            Release("Privatmodus aus", $"{Mode} ..1 aus|ausschalten|beenden|deaktivieren|ausmachen|verlassen"),
            Release("Privatmodus aus", $"schalt|schalte|mach ..2 {Mode} ..1 aus|ab"),
            Release("du darfst die Cloud wieder nutzen", "cloud ..1 wieder ..1 fragen|nutzen|benutzen|verwenden"),
            Release("du darfst die Cloud wieder nutzen", "wieder die cloud")]);
}
