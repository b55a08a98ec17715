using System.Collections.Frozen;

namespace HybridConversations.Escalations.Bridging;

/// <summary>The phrases in the languages that are known, for operators who wrote none of their own.</summary>
internal static class BridgeLanguages
{
    private static readonly FrozenDictionary<string, (string[] First, string[] Further)> Phrases = new Dictionary<string, (string[] First, string[] Further)>(StringComparer.Ordinal)
    {
        ["de"] = (["Einen Moment, ich denke nach.", "Gute Frage, einen Augenblick.", "Das überlege ich mir kurz."], ["Ich denke noch nach.", "Gleich habe ich es."]),
        ["fr"] = (["Laisse-moi réfléchir.", "Bonne question, un instant.", "Je regarde ça de plus près."], ["Je réfléchis encore.", "J'y suis presque."]),
        ["es"] = (["Déjame pensarlo.", "Buena pregunta, un momento.", "Voy a mirarlo con calma."], ["Sigo pensando.", "Ya casi lo tengo."]),
        ["it"] = (["Fammi pensare.", "Bella domanda, un momento.", "Ci guardo meglio."], ["Ci sto ancora pensando.", "Ci sono quasi."]),
        ["pt"] = (["Deixa eu pensar.", "Boa pergunta, um momento.", "Vou ver isso com calma."], ["Ainda estou pensando.", "Estou quase lá."]),
        ["ru"] = (["Дай подумать.", "Хороший вопрос, минутку.", "Сейчас разберусь."], ["Я ещё думаю.", "Почти готово."]),
        ["pl"] = (["Niech się zastanowię.", "Dobre pytanie, chwileczkę.", "Zaraz się temu przyjrzę."], ["Jeszcze myślę.", "Już prawie mam."]),
        ["tr"] = (["Bir düşüneyim.", "Güzel soru, bir saniye.", "Buna yakından bakayım."], ["Hâlâ düşünüyorum.", "Az kaldı."]),
        ["zh"] = (["让我想一想。", "好问题，请稍等。", "我仔细看看。"], ["我还在想。", "马上就好。"]),
        ["ja"] = (["少し考えさせてください。", "いい質問ですね、少々お待ちください。", "詳しく見てみます。"], ["まだ考えています。", "もう少しです。"]),
        ["hi"] = (["मुझे सोचने दीजिए।", "अच्छा सवाल है, एक पल।", "मैं इसे ध्यान से देखता हूँ।"], ["मैं अभी सोच रहा हूँ।", "बस हो ही गया।"]),
        ["ar"] = (["دعني أفكر.", "سؤال جيد، لحظة من فضلك.", "سأنظر في الأمر عن قرب."], ["ما زلت أفكر.", "اقتربت من الجواب."]),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>First phrases and those after them; null for English and what is not known.</summary>
    public static (IReadOnlyList<string> First, IReadOnlyList<string> Further)? Of(string language) =>
        Phrases.TryGetValue(language, out var phrases) ? (phrases.First, phrases.Further) : null;
}
