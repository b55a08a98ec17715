using static HybridConversations.Routing.SpokenWish;

namespace HybridConversations.Routing;

/// <summary>The wishes in Turkish.</summary>
internal static class Turkish
{
    private const string Secret = "gizli*|özel|mahrem|sır|sırrımız|aramızda";
    private const string Outside = "bulut*|internet*|sunucu*|web*|google*|openai*|chatgpt*|cloud*";

    public static WishLanguage Wishes { get; } = new(
        new PlainGrammar("değil|asla|hiç|kapatma|kapatmayın|çıkma|çıkmayın|bitirme|bitirmeyin|sonlandırma|sonlandırmayın|kullanma|kullanmayın|sorma|sormayın"),
        Cloud: [
            Request("iyice düşün", "iyi|iyice|çok|derin|derinlemesine|dikkatlice|ciddi|uzun|etraflıca ..2 düşün|düşünün|düşünür|düşünmeni|düşünmeye"),
            Request("acele etme düşün", "acele etme|etmeden"),
            Request("buluta sor", "buluta|buluttan|bulutu|clouda ..1 sor|sorun|sorar|kullan|kullanın|danış|danışın|gönder|sorsana"),
            Request("büyük modeli kullan", "büyük|daha_büyük|daha_güçlü|güçlü|en_iyi|akıllı modeli|modele|modelle ..1 kullan|kullanın|sor|sorun|cevapla"),
            Request("ChatGPT'ye sor", "chatgpt*|gpt*|openai* ..1 sor|sorun|kullan")],
        Local: [
            Statement("yerelde kal", "yerelde|yerel|çevrimdışı ..1 kal|kalsın|cevapla|yanıtla|çalış"),
            Statement("bulutsuz", "bulutsuz|internetsiz"),
            Statement("bulutu kullanma", "bulutu|buluta ..1 kullanma|kullanmayın|kullanmadan|sorma|sormadan"),
            Statement("çok düşünme", "çok|fazla|uzun ..1 düşünme|düşünmeden"),
            Request("küçük modeli kullan", "küçük|yerel modeli|modele ..1 kullan|sor")],
        Privacy: [
            Statement("aramızda kalsın", "aramızda|ikimizin_arasında kalsın|kalacak|kalmalı|kalır"),
            Statement("aramızda kalsın", "arasında kalsın|kalmalı"),
            Statement("bunu kendine sakla", "kendine|kendinde sakla*|tut"),
            Statement("bunu gizli tut", $"{Secret} ..1 tut*|kalsın|kalmalı|sakla*|tutar"),
            Statement("bu gizli", $"bu|bunlar|hepsi|söylediklerim|konuşma|bilgi ..3 {Secret}"),
            Statement("kesinlikle gizli", $"kesinlikle|tamamen|tümüyle {Secret}"),
            Statement("bunu buluta gönderme", $"{Outside} ..3 gönderme*|yükleme*|gitmesin|atma|yollama*|aktarma*|çıkmasın|gönderilmesin|koyma*|iletme*|verme*|paylaşma*|sızdırma*|yüklenmesin"),
            Statement("kimseye söyleme", "kimseye|kimseyle|başkasına|hiç_kimseye ..3 söyleme*|anlatma*|gösterme*|bahsetme*|deme|paylaşma*|verme*|iletme*|açma"),
            Statement("kimse bilmesin", "kimse|kimsenin|hiç_kimse ..3 bilmesin|duymasın|bilmemeli|görmesin|öğrenmesin|duymamalı|haberi|öğrenmemeli"),
            Statement("bunu paylaşma", "bunu|bunları|şunu|bilgiyi ..2 paylaşma*|yayma*|yükleme*|sızdırma*"),
            Statement("cihazdan çıkmasın", "cihazdan|cihazı|buradan|evden|odadan ..2 çıkmasın|çıkmamalı|ayrılmasın|terk|çıkarma"),
            Statement("cihazda kalsın", "cihazda|burada|evde ..1 kalsın|kalmalı|tut|sakla"),
            Statement("gizli moda geç", "gizli|özel|gizlilik moda|modu|modunu|moduna|mod ..1 geç*|aç*|başlat*|etkinleştir*"),
            Statement("laf aramızda", "laf|söz aramızda")],
        Lift: [
            Statement("bu artık gizli değil", $"artık ..2 {Secret} ..1 değil"),
            Statement("artık gizli tutmana gerek yok", $"artık ..2 {Secret} ..1 tutmana|tutmanıza|kalmasına|kalması"),
            Statement("artık gizli tutmana gerek yok", $"artık ..3 kendine|aramızda saklamana|kalmasına|kalmak"),
            Release("gizli modu kapat", "gizli|özel|gizlilik modu|modunu|moddan|modundan ..1 kapat*|çık*|bitir*|sonlandır*"),
            Release("bulutu yeniden kullanabilirsin", "bulutu|buluta yeniden|tekrar|yine"),
            Release("bulutu yeniden kullanabilirsin", "yeniden|tekrar|yine bulutu|buluta ..1 kullan*|sor*")]);
}
