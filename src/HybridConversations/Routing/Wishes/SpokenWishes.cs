namespace HybridConversations.Routing;

/// <summary>The wishes about where to think that a person may speak, in English.</summary>
internal sealed class SpokenWishes
{
    private const string Big = "big|bigger|biggest|large|larger|smart|smarter|strong|stronger|best|better|full|remote|online|clever|cleverer|powerful";
    private const string AfterPrivate = "please|so|and|stuff|information|info|data|but|between|ok|okay";
    private const string Model = "model|brain|ai|llm";

    private readonly SpokenWish[] _wishes;

    private SpokenWishes(params SpokenWish[] wishes) => _wishes = wishes;

    /// <summary>"Think hard", "ask the cloud", "use the big model", "take your time and think".</summary>
    public static SpokenWishes Cloud { get; } = new(
        Request(
            "think hard",
            "think really|very|extra|super|real|extremely|a? bit|lot? hard|harder",
            "about|on|before|and|this|please|now|here|for|first|then|with|as|but|what|how|why|if|because|than|when|which|who|where|ok|okay|again|or|would|could|can"),
        Request("think carefully", "think very|really|more? carefully|deeply|deeper|thoroughly"),
        Request("think long and hard", "think long and hard"),
        Request("think step by step", "think it|this? through? step by step"),
        Request("take your time and think", "take your|some|all the? time you? need|want? and|to think"),
        Request("put your thinking cap on", "put your thinking cap on"),
        Request("put on your thinking cap", "put on your thinking cap"),
        Request("give it some thought", "give it|this|that some|a|lots? real|serious|proper|good|hard|deep of? thought|think"),
        Request("use the cloud", "ask|use|try|query|consult|call|contact the|your cloud"),
        Request("send it to the cloud", "send|pass|forward|escalate|hand|take|move it|this|that|them|me? over|up? to the cloud"),
        Request("answer it in the cloud", "answer|do|run|solve|handle|think it|this|that|about? it|this|that? in|with|on|using the cloud"),
        Request("use the big model", $"ask|use|try|query|consult|call the|your|a {Big} language? {Model}"),
        Request("ask ChatGPT", "ask|use|try|consult chatgpt|gpt|openai"),
        Request("ask ChatGPT", "ask|use|try|consult chat gpt"));

    /// <summary>"Stay local", "use the small model", "don't ask the cloud", "don't think too hard".</summary>
    public static SpokenWishes Local { get; } = new(
        Request("stay local", "stay|keep it|this|that? local|offline|locally"),
        Request("answer locally", "answer|do|run|solve|handle it|this|that|me? locally|offline"),
        Request("answer on the device", "answer|do|run|solve|handle it|this|that|me? on the|this|your device|jetson"),
        Request("use the local model", $"use|ask|try the|your|a local|small|smaller|smallest|little|own|offline|device {Model}"),
        Statement("no cloud", "no cloud", "please|this|for|today|thanks|here|just"),
        Statement("without the cloud", "without using|asking? the cloud"),
        Forbidden("don't use the cloud", "use|ask|bother|call|contact|involve|need|query the|your cloud"),
        Forbidden("don't use the big model", $"use|ask|bother|call|contact|involve|need|query the|your {Big} {Model}"),
        Forbidden("don't think too hard", "think too|so|very|that? hard|much|long|deeply|deep", "about|on|just|and|please|now|here|it|what|its|for|tell|give|say"),
        Forbidden("don't overthink it", "overthink"));

    /// <summary>"Keep this private", "don't send this to the cloud", "just between us".</summary>
    public static SpokenWishes Privacy { get; } = new(
        Statement("keep this private", "keep this|it|that|them|everything|all of? this|it|that? strictly|totally? private|secret|confidential"),
        Statement("keep this between us", "keep this|it|that|everything strictly|just? between us|ourselves"),
        Statement("keep this to yourself", "keep this|it|that|everything to yourself"),
        Statement("keep this on the device", "keep this|it|that|everything|all of? this|it|that? on|in the|this|your device|jetson"),
        Statement("keep this off the cloud", "keep this|it|that|everything|all off|out|away from|of? the cloud|internet|web"),
        Statement("this stays private", "this|it|that|everything stays|remains private|secret|confidential|local|between|here us?"),
        Statement("this stays private", "this|it|that|everything must|should|has|needs to? stay|remain private|secret|confidential|local|between|here us?"),
        Statement("this stays on the device", "this|it|that|everything stays|remains on the|this device|jetson"),
        Statement("this must stay on the device", "this|it|that|everything must|should|has|needs to? stay|remain on the|this|your device|jetson"),
        Statement("this is private", "this|that|it is strictly|very|really|quite? private|confidential", AfterPrivate),
        Statement("this is private", "thats|its strictly|very|really|quite? private|confidential", AfterPrivate),
        Statement("just between us", "just|strictly between us"),
        Statement("just between you and me", "just|strictly between you and me"),
        Statement("off the record", "off the record"),
        Forbidden(
            "don't send this to the cloud",
            "send|sending|upload|uploading|share|sharing|pass|forward|leak|give|post|transmit this|it|that|them|any|anything|my|the|our data|info|information|words|of? this|it|that? to|with|into|onto|over the|a|any? cloud|internet|openai|anyone|anybody|outside|server|servers|web|google|microsoft"),
        Forbidden("don't tell anyone", "tell anyone|anybody|openai|google"),
        Forbidden("don't let this leave the device", "let this|it|that|anything leave|out of? the|this? device|house|room|jetson|here"));

    /// <summary>The label of the first wish that is spoken; null when there is none.</summary>
    public string? Find(scoped in WordList words)
    {
        for (var start = 0; start < words.Count; start++)
        {
            foreach (var wish in _wishes)
            {
                if (wish.IsSpokenAt(words, start))
                {
                    return wish.Label;
                }
            }
        }

        return null;
    }

    private static SpokenWish Request(string label, string pattern, string? next = null) => Wish(label, pattern, WishMood.Request, next);

    private static SpokenWish Statement(string label, string pattern, string? next = null) => Wish(label, pattern, WishMood.Statement, next);

    private static SpokenWish Forbidden(string label, string pattern, string? next = null) => Wish(label, pattern, WishMood.Forbidden, next);

    private static SpokenWish Wish(string label, string pattern, WishMood mood, string? next) =>
        new(label, new WordPattern(pattern), mood, next is null ? null : new WordPattern(next));
}
