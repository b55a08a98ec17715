using static HybridConversations.Routing.SpokenWish;

namespace HybridConversations.Routing;

/// <summary>The wishes in French.</summary>
internal static class French
{
    private const string Secret = "privé*|confidentiel*|secret|secrets|secrète";
    private const string Outside = "cloud|nuage|internet|serveur*|web|google|openai|chatgpt|ligne";

    public static WishLanguage Wishes { get; } = new(
        new PlainGrammar("ne|pas|jamais|sans|non", "je|j|il|elle|on|nous"),
        Cloud: [
            Request("réfléchis bien", "réfléchi* ..1 bien|fort|profondément|sérieusement|longtemps|soigneusement"),
            Request("pense bien", "pense|pensez ..1 bien|fort|profondément|sérieusement"),
            Request("prends ton temps", "prends|prenez ton|votre temps"),
            Request("demande au cloud", "demande|demander|demandez|utilise|utiliser|utilisez|interroge|interroger|consulte|appelle ..2 cloud|nuage"),
            Request("utilise le grand modèle", "demande|utilise|utiliser|utilisez|prends|interroge le|au|ton|un ..1 grand|gros|meilleur|puissant modèle"),
            Request("utilise le grand modèle", "le|au|ton modèle le_plus? puissant|grand|gros|fort"),
            Request("demande à ChatGPT", "demande|demander|utilise|interroge ..1 chatgpt|gpt|openai")],
        Local: [
            Request("reste en local", "reste|restez|réponds|répondez ..1 local|localement|hors_ligne"),
            Statement("sans le cloud", "sans ..2 cloud|internet"),
            Statement("n'utilise pas le cloud", "pas ..3 cloud"),
            Statement("ne réfléchis pas trop", "réfléchis|pense pas ..1 trop|longtemps"),
            Request("utilise le petit modèle", "utilise|prends|demande le|au|ton petit modèle"),
            Request("utilise le modèle local", "utilise|prends le|ton modèle local")],
        Privacy: [
            Statement("garde ça pour toi", "garde|gardez|garder|gardes ..3 pour toi|vous"),
            Statement("garde ça secret", $"garde|gardez|garder ..4 {Secret}"),
            Statement("c'est privé", $"cest|reste|restent|rester|soit|demeure tout_à_fait|strictement|très|totalement|un? {Secret}"),
            Statement("c'est privé", $"ceci|cela|ça|dis|tout|dit ..2 est|reste|sont|soit ..2 {Secret}"),
            Statement("pas un mot", "pas un mot"),
            Statement("entre nous", "entre|rien_quentre nous|toi"),
            Statement("entre nous", "quentre nous"),
            Statement("strictement confidentiel", $"strictement|totalement|absolument {Secret}"),
            Statement("en toute confidentialité", "en ..1 confidence|confidentialité|secret"),
            Statement("ne l'envoie pas dans le cloud", $"pas|rien|jamais ..5 au|aux|sur|dans|vers|à|en le|les|un? {Outside}"),
            Statement("ne le dis à personne", "dis|dites|dire|raconte|racontez|raconter|répète|répétez|montre|parle|parlez|parler ..4 personne"),
            Statement("ne le dis à personne", "personne ne? ..1 doit|peut ..2 savoir|entendre|voir|lapprendre|apprendre"),
            Statement("ne le partage pas", "partage*|divulgue*|diffuse*|transmets|transmettez|télécharge* pas|rien|jamais"),
            Statement("ça ne doit pas sortir d'ici", "pas|jamais ..2 sortir|sorte|sort|quitter|quitte ..3 ici|dici|appareil|lappareil|maison|pièce"),
            Statement("ça reste sur l'appareil", "reste|restent|rester|garde|gardez ..3 sur|dans ..1 appareil|lappareil|machine|jetson|local|maison"),
            Statement("mode privé", "passe*|active*|mets|mettez|lance|démarre* ..3 mode privé|confidentiel|secret"),
            Statement("mode privé", "mode privé|confidentiel activé|sil|maintenant|stp")],
        Lift: [
            Statement("ce n'est plus privé", $"plus ..2 {Secret}"),
            Statement("plus besoin de garder ça pour toi", "plus ..3 garde|garder ..3 pour toi|vous"),
            Release("quitte le mode privé", "quitte*|désactive*|arrête*|termine*|coupe ..2 mode privé|confidentiel|secret"),
            Release("tu peux réutiliser le cloud", "réutiliser|utiliser_à_nouveau le cloud"),
            Release("tu peux réutiliser le cloud", "nouveau ..2 le cloud"),
            Release("tu peux réutiliser le cloud", "cloud ..1 nouveau")]);
}
