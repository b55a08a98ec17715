using static HybridConversations.Routing.SpokenWish;

namespace HybridConversations.Routing;

/// <summary>The wishes in English.</summary>
internal static class English
{
    private const string Big = "big|bigger|biggest|large|larger|smart|smarter|strong|stronger|best|better|full|remote|online|clever|cleverer|powerful";
    private const string Model = "model|brain|ai|llm";
    private const string Secret = "private|secret|confidential";

    // What is private by its nature, and not by wish: "this is private property".
    private const string Things =
        "property|properties|land|road|street|driveway|beach|island|garden|pool|parking|room|rooms|school|schools|college|university|education|tutor|tutoring|lesson|lessons|teacher|"
        + "clinic|hospital|ward|practice|doctor|healthcare|insurance|patient|equity|company|companies|sector|bank|banking|investor|investors|pension|debt|credit|ownership|landlord|rental|"
        + "jet|plane|car|chef|driver|tour|club|party|event|dinner|viewing|investigator|detective|eye|citizen|soldier|army|"
        + "key|keys|network|ip|address|repo|repository|server|channel|field|method|class|variable|function|member|constructor|api|package|branch|browsing|window|tab|label";

    // What is said as a whole.
    private const string Talk = "conversation|chat|call|talk|discussion|message|session|topic|subject|info|information|part";

    // "It's a secret recipe" is none.
    private const string SecretThings = "recipe|recipes|agent|agents|service|garden|santa|ingredient|ingredients|sauce|admirer|society|weapon|base|door|passage|room|menu|of|to|level|boss|code|key|for";

    public static WishLanguage Wishes { get; } = new(
        new EnglishGrammar(),
        Cloud: [
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
            Request("ask ChatGPT", "ask|use|try|consult chat gpt")],
        Local: [
            Request("stay local", "stay|keep it|this|that? local|offline|locally"),
            Request("answer locally", "answer|do|run|solve|handle it|this|that|me? locally|offline"),
            Request("answer on the device", "answer|do|run|solve|handle it|this|that|me? on the|this|your device|jetson"),
            Request("use the local model", $"use|ask|try the|your|a local|small|smaller|smallest|little|own|offline|device {Model}"),
            Statement("no cloud", "no cloud", "please|this|for|today|thanks|here|just"),
            Statement("without the cloud", "without using|asking? the cloud"),
            Forbidden("don't use the cloud", "use|ask|bother|call|contact|involve|need|query the|your cloud"),
            Forbidden("don't use the big model", $"use|ask|bother|call|contact|involve|need|query the|your {Big} {Model}"),
            Forbidden("don't think too hard", "think too|so|very|that? hard|much|long|deeply|deep", "about|on|just|and|please|now|here|it|what|its|for|tell|give|say"),
            Forbidden("don't overthink it", "overthink")],
        Privacy: [
            Command("keep this private", $"keep this|it|that|them|everything|all of? this|it|that? strictly|totally|completely? {Secret}"),
            Command("keep this private", $"keep what i|im|ive say|said|tell|told|saying|telling you? now|next|here? {Secret}"),
            Command("keep this private", $"keep my|our * *? {Secret}"),
            Command("keep this private", $"keep this|our|the|that {Talk} strictly|totally|completely? {Secret}"),
            Command("keep this private", $"kept this|it|that|everything|our|the {Talk}? strictly|totally|completely? {Secret}"),
            Command("make this private", $"make this|it|that|everything|all of? this|our|the? {Talk}? strictly|totally|completely? {Secret}"),
            Statement("this shall be private", $"want|need|like|prefer|wish this|it|that|everything|our|the {Talk}? to be|stay|remain|become strictly? {Secret}"),
            Command("keep this between us", "keep this|it|that|everything strictly|just? between us|ourselves|you"),
            Command("keep this to yourself", "keep this|it|that|everything to yourself"),
            Command("keep this on the device", "keep this|it|that|everything|all of? this|it|that? on|in the|this|your device|jetson"),
            Command("keep this off the cloud", "keep this|it|that|everything|all off|out|away from|of? the cloud|internet|web"),
            Command("treat this as private", $"treat this|it|that|everything as strictly? {Secret}"),
            Command("treat this confidentially", "treat|handle|take|hold this|it|that|everything|all of? this|it|that|what? i? say|said|tell|told? you? confidentially|discreetly|privately|in_confidence|in_private"),
            Request("private mode", "go|switch|turn|start|begin|enable to|on|into? the? private|privacy|secret mode") with { NotNext = new WordPattern("off") },
            Statement("this stays private", "this|it|that|everything stays|remains private|secret|confidential|local|between|here us?"),
            Statement("this stays private", "this|it|that|everything must|should|has|needs|can|may to|only? stay|remain|be private|secret|confidential|local|between|here us?"),
            Statement("this stays on the device", "this|it|that|everything stays|remains on the|this|your device|jetson"),
            Statement("this must stay on the device", "this|it|that|everything must|should|has|needs to? stay|remain on the|this|your device|jetson"),
            Statement("this is private", $"this|that|it|everything is|was strictly|very|really|quite|all|totally|absolutely? {Secret}", notNext: Things),
            Statement("this is private", $"thats|its strictly|very|really|quite|all|totally|absolutely? {Secret}", notNext: Things),
            Statement("this conversation is private", $"this|our|the|that {Talk} is|stays|remains|must_be|must_stay|should_be|should_stay strictly|very|totally|absolutely? {Secret}", notNext: Things),
            Statement("this is a secret", "this|that|it is a|my|our big|huge|real|little|dark? secret", notNext: SecretThings),
            Statement("this is a secret", "thats|its a|my|our big|huge|real|little|dark? secret", notNext: SecretThings),
            Statement("this must not be shared", "this|it|that|everything|nothing|none must|may|should|can|shall|is|of_this|of_it not|never|ever|to|must|may|should? be shared|uploaded|published|sent|passed_on|repeated|told|disclosed|leaked"),
            Statement("this must not be shared", "this|it|that|everything mustnt|cannot|cant|shouldnt|wont be shared|uploaded|published|sent|passed_on|repeated|told|disclosed|leaked"),
            Statement("what I say is private", $"what im|i_am|i_was about_to|going_to|gonna say|tell|share|ask|mention|show you? now|next|here? is|stays|remains|must {Secret}|between|stay|remain"),
            Statement("the following is private", $"the following|rest|next|what_follows|what_comes is|stays|remains|part? is? strictly? {Secret}"),
            Statement("this must not leave the device", "this|it|that|everything|nothing|none must|may|should|can|shall|is|of_this|of_it not|never|ever|to|must|may|should? leave|leaves|go_to|reach|get_to the|this|your|my|our? device|house|room|jetson|home|cloud|internet|box"),
            Statement("this must not leave the device", "this|it|that|everything mustnt|cannot|cant|shouldnt|wont leave|go_to|reach|get_to the|this|your|my|our? device|house|room|jetson|home|cloud|internet|box"),
            Statement("what I say is private", $"what i|im|ive say|said|tell|told|saying|telling you? now|next|here? is|stays|remains {Secret}|between"),
            Statement("just between us", "just|strictly between us"),
            Statement("just between you and me", "just|strictly|stays|this|is between you and me"),
            Statement("off the record", "off the record"),
            Statement("for your ears only", "for your ears|eyes only"),
            Statement("nobody may know", "nobody|noone else? may|must|should know|hear|learn"),
            Statement("nobody may know", "no one else? may|must|should know|hear|learn"),
            Forbidden(
                "don't send this to the cloud",
                "send|sending|upload|uploading|share|sharing|pass|passing|forward|leak|give|post|transmit this|it|that|them|any|anything|my|the|our data|info|information|words|of? this|it|that? to|with|into|onto|over the|a|any? cloud|internet|openai|anyone|anybody|outside|server|servers|web|google|microsoft"),
            Forbidden("don't put this in the cloud", "put|store|save|place|keep|send|upload|post this|it|that|them|any|anything|my|the|our data|info|information|words|of? this|it|that? in|on|onto the|a|any? cloud|internet|web|server|servers"),
            Forbidden("don't share this", "share|upload|publish|leak|forward|disclose|reveal this|it|that|any|anything|what of? this|it|that|i? say|said|tell|told? you?"),
            Forbidden("don't let anyone know", "let anyone|anybody|others|other|people|them|someone|somebody else|people? know|hear|see|read|find"),
            Forbidden("don't tell anyone", "tell anyone|anybody|openai|google"),
            Forbidden("don't repeat this to anyone", "repeat|mention this|it|that|any to|of? anyone|anybody|this?"),
            Forbidden("don't let this leave the device", "let this|it|that|anything leave|out of? the|this|your? device|house|room|jetson|here")],
        Lift: [
            Statement("this is no longer private", $"this|that|it|everything|nothing is no longer {Secret}"),
            Statement("this is no longer private", $"thats|its no longer {Secret}"),
            Statement("this is not private any more", $"this|that|it|everything is not {Secret} anymore|now"),
            Statement("this is not private any more", $"this|that|it|everything is not {Secret} any more|longer"),
            Statement("this is not private any more", $"thats|its not {Secret} anymore|now"),
            Statement("this is not private any more", $"thats|its not {Secret} any more|longer"),
            Statement("this is not private any more", $"isnt|arent {Secret} anymore|now"),
            Statement("you need not keep this private any more", $"dont|neednt|not have|need? to? keep this|it|that|everything {Secret} anymore|now"),
            Statement("you need not keep this private any more", $"dont|neednt|not have|need? to? keep this|it|that|everything {Secret} any more|longer"),
            Statement("the private part is over", $"{Secret} part|bit|stuff|talk is over|done|finished"),
            Request("stop keeping this private", $"stop keeping this|it|that|everything|things {Secret}"),
            Request("use the cloud again", "use|ask the|your cloud again"),
            Request("use the cloud from now on", "use|ask the|your cloud from now on"),
            Request("end private mode", "end|stop|leave|exit|quit|cancel|disable the? private|privacy|secret mode"),
            Request("end private mode", "turn|switch off the? private|privacy|secret mode"),
            Request("end private mode", "turn|switch the? private|privacy|secret mode off"),
            Request("lift the privacy", "lift|remove|drop the|this privacy|secrecy|confidentiality")]);
}
