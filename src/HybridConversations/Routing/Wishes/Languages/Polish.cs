using static HybridConversations.Routing.SpokenWish;

namespace HybridConversations.Routing;

/// <summary>The wishes in Polish.</summary>
internal static class Polish
{
    private const string Secret = "prywatne|prywatna|prywatny|tajne|tajemnica|tajemnicy|sekret|sekretem|poufne|poufna|poufny|poufnie|prywatnie|tajemnicą";
    private const string Outside = "chmur*|internet*|serwer*|sieci|sieć|google|openai|chatgpt|cloud";

    public static WishLanguage Wishes { get; } = new(
        new PlainGrammar("nie|bez|nigdy", "ja|on|ona|my"),
        Cloud: [
            Request("zastanów się dobrze", "zastanów*|pomyśl*|przemyśl*|namyśl* ..3 dobrze|porządnie|głęboko|dokładnie|poważnie|uważnie|solidnie"),
            Request("zastanów się dobrze", "dobrze|porządnie|głęboko|dokładnie|poważnie ..1 zastanów*|pomyśl*|przemyśl*"),
            Request("nie spiesz się", "nie spiesz się ..2 pomyśl*|zastanów*"),
            Request("zapytaj chmurę", "zapytaj*|spytaj*|użyj*|skorzystaj*|poproś|użyć|zapytać ..2 chmur*|cloud"),
            Request("użyj dużego modelu", "użyj*|zapytaj*|weź|skorzystaj z? duż*|większ*|lepsz*|najlepsz*|mocniejsz*|najmocniejsz* model*"),
            Request("zapytaj ChatGPT", "zapytaj*|spytaj|użyj* ..1 chatgpt|chata|gpt|openai")],
        Local: [
            Request("zostań lokalnie", "zostań|odpowiedz|pracuj|odpowiadaj ..1 lokalnie|offline"),
            Statement("bez chmury", "bez ..1 chmury|internetu"),
            Statement("nie pytaj chmury", "nie pytaj|używaj|korzystaj ..2 chmury"),
            Statement("nie myśl za długo", "nie myśl|zastanawiaj ..2 długo|dużo"),
            Request("użyj małego modelu", "użyj|weź|zapytaj małego|mały|lokalnego|lokalny model*")],
        Privacy: [
            Statement("zostaw to dla siebie", "zachowaj*|zostaw*|zatrzymaj*|trzymaj*|zachować ..3 dla|przy siebie|sobie"),
            Statement("to zostaje między nami", "między nami|tobą_a_mną|mną_a_tobą"),
            Statement("zachowaj to w tajemnicy", "w tajemnicy|sekrecie|poufności|zaufaniu"),
            Statement("to jest prywatne", $"to|wszystko|niech|rozmowa|mówię ..3 {Secret}"),
            Statement("ściśle tajne", $"ściśle|całkowicie|absolutnie {Secret}"),
            Statement("nie wysyłaj tego do chmury", $"nie|nigdy|nic|niczego|nigdzie ..5 do|na|w|przez {Outside}"),
            Statement("nikomu nie mów", "nikomu ..3 nie ..2 mów*|opowiada*|przekazuj*|pokazuj*|zdradza*|powtarza*|wspomina*"),
            Statement("nikomu nie mów", "nie ..2 mów*|opowiada*|przekazuj*|pokazuj*|zdradza*|powtarza*|wspomina*|powiedz ..3 nikomu"),
            Statement("nikomu ani słowa", "nikomu ani słowa|słówka"),
            Statement("nikt nie może wiedzieć", "nikt ..2 nie ..2 może|powinien|dowie|dowiedział|usłyszy|wiedział|wiedzieć"),
            Statement("nie udostępniaj tego", "nie ..2 udostępnia*|wysyła*|przesyła*|wgrywa*|rozpowszechnia*|dziel ..2 tego|tym|dalej|nigdzie|się"),
            Statement("niech nie opuści urządzenia", "nie ..2 opuści|opuszcza|opuścić|wyjdzie|wychodzi|wyjść ..3 urządzeni*|domu|stąd|pokoju|poza"),
            Statement("niech zostanie na urządzeniu", "zostaje|zostanie|zostać|zostaw*|trzymaj*|zachowaj* ..3 na|w tym|moim? urządzeniu|jetsonie|domu"),
            Statement("tryb prywatny", "włącz*|aktywuj*|przejdź*|uruchom* ..3 tryb|trybu prywatny|prywatnego|tajny|poufny|prywatności"),
            Statement("nie dla obcych uszu", "nie dla obcych|cudzych uszu|oczu")],
        Lift: [
            Statement("to już nie jest prywatne", $"już|więcej nie ..2 {Secret}"),
            Statement("to nie jest już prywatne", $"nie jest|są już ..1 {Secret}"),
            Statement("nie musisz już trzymać tego w tajemnicy", "nie musisz już ..4 tajemnicy|sekrecie|siebie"),
            Release("wyłącz tryb prywatny", "wyłącz*|zakończ*|wyjdź|opuść|dezaktywuj* ..2 tryb|trybu prywatny|prywatnego|tajny|poufny|prywatności"),
            Release("możesz znów używać chmury", "znów|znowu|ponownie ..2 chmur*"),
            Release("możesz znów używać chmury", "używać|pytać chmury znów|znowu|ponownie")]);
}
