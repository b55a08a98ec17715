namespace TrainRouter;

/// <summary>Categories that are one kind of request under several names; what is left out of training is left out whole.</summary>
internal static class Kinds
{
    public static string Of(Example example) => example.Category.Replace("t-", "", StringComparison.Ordinal) switch
    {
        "math" or "math2" or "logic" => "maths and logic",
        "legal" or "finance" => "law and money",
        "science" or "teach" => "science and teaching",
        "plan" or "plan2" or "strategy" => "planning",
        "essay" or "extract" or "roleplay" => "writing",
        "analysis" or "compare" or "data" => "analysis",
        "code" or "design" => "code and design",
        "debug" => "debugging",
        "timer" or "alarm" or "agenda" or "calendar" or "notes" or "list" or "shopping" => "timers, lists, calendar",
        "home" or "media" or "message" or "comm" or "navigate" or "place" or "travel" => "home, media, messages, ways",
        "weather" or "facts" or "define" or "translate" or "sums" or "explain-light" => "weather, facts, words, sums",
        "smalltalk" or "chat" or "joke" or "recall" or "opinion-light" => "small talk, jokes, recall",
        "cooking" or "cook" or "health" or "money" or "everyday-problem" or "problem" or "legal-light" => "cooking, health, money, mishaps",
        "short" or "followup" => "short writing, follow-ups",
        "ramble" => example.Positive ? "hard, rambling" : "everyday, rambling",
        var category when category.StartsWith("homonym", StringComparison.Ordinal) || category == "analyse-light" => "homonyms",
        var category => category,
    };
}
