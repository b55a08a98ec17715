namespace TrainRouter;

/// <summary>
/// Says a request in other words around the same content: wrappers and stories before it, courtesies behind it, words dropped or misheard. Both labels
/// get the same treatment, so that none of it can decide. Dropping words is also what keeps single words from being trusted too much
/// ("blankout", van der Maaten et al. 2013); with it the best penalty on the weights is a small one.
/// </summary>
/// <param name="seed">Of the choices.</param>
/// <param name="openers">What people begin with in other languages than English, by language.</param>
internal sealed class Augmenter(int seed, IReadOnlyDictionary<string, IReadOnlyList<string>> openers)
{
    private const double DropShare = 0.8;
    private const double DropRate = 0.2;
    private const double MishearShare = 0.2;
    private const double MishearRate = 0.2;
    private const double OpenerShare = 0.6;
    private const double CloserShare = 0.3;
    private const double ForeignOpenerShare = 0.3;

    private static readonly string[] Openers =
    [
        "hey", "hi", "okay so", "so", "um so", "please", "could you please", "can you", "could you", "would you mind to", "i'd like you to", "i want you to", "i need you to",
        "i was wondering if you could", "quick question", "do me a favour and", "alright", "hey there", "listen", "right so", "hey pip", "good morning", "excuse me", "sorry but",
        "i have a question", "one more thing", "hello can you", "would you", "any chance you could", "help me please", "my question is", "tell me", "now", "actually", "you know what",
        "i'm on my way home and", "my wife wants to know", "for my daughter", "i don't have much time so", "when you have a minute", "before i forget", "i've been meaning to ask",
        "so i was talking to my sister last night and", "we have guests coming on saturday and", "my daughter came home from school and", "i just got back from the shops and",
        "i've been thinking about this for a while", "i'm standing in the kitchen and", "my boss asked me this morning", "it's for my son", "we're in the car and", "i know it's late but",
        "i'm not sure how to ask this but", "i promised my wife so", "as i said yesterday", "i'm in a hurry so", "there's this thing that", "i tried it myself but", "everyone says it's easy but",
        "since you're so clever", "for tomorrow", "i need some help", "could you help me", "i'd like to know", "can you tell me", "would you please", "i have an idea", "let me see",
    ];

    private static readonly string[] Closers =
    [
        "please", "thanks", "thank you", "if you can", "for me", "would you", "can you do that", "right now", "today", "cheers", "okay", "is that possible", "i'd appreciate it",
        "when you get a chance", "that would be great", "asap",
    ];

    private static readonly Dictionary<string, string> Misheard = new(StringComparer.Ordinal)
    {
        ["write"] = "right",
        ["right"] = "write",
        ["code"] = "coat",
        ["plan"] = "plant",
        ["two"] = "to",
        ["to"] = "two",
        ["for"] = "four",
        ["their"] = "there",
        ["there"] = "their",
        ["your"] = "you're",
        ["know"] = "no",
        ["by"] = "buy",
        ["a"] = "the",
        ["the"] = "a",
        ["in"] = "and",
        ["and"] = "in",
        ["script"] = "scripts",
        ["an"] = "and",
        ["would"] = "wood",
        ["which"] = "witch",
        ["python"] = "pie thon",
        ["essay"] = "s a",
        ["prove"] = "proof",
        ["weather"] = "whether",
        ["hour"] = "our",
        ["can"] = "could",
        ["my"] = "the",
    };

    private readonly Random _random = new(seed);

    /// <param name="text">The request.</param>
    /// <param name="language">Its language; misheard words and closers are English, words are dropped in all of them.</param>
    public string Vary(string text, string language)
    {
        if (language is "zh" or "ja")
        {
            return Opened(DropCharacters(text), language);
        }

        var english = language == "en";
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToList();
        var dice = _random.NextDouble();
        if (words.Count > 3 && dice < DropShare)
        {
            var kept = words.Where(_ => _random.NextDouble() >= DropRate).ToList();
            words = kept.Count > 2 ? kept : words;
        }
        else if (english && dice < DropShare + MishearShare)
        {
            words = [.. words.Select(word => _random.NextDouble() < MishearRate && Misheard.TryGetValue(word.ToLowerInvariant(), out var heard) ? heard : word)];
        }

        if (english && _random.NextDouble() < OpenerShare)
        {
            words.Insert(0, Openers[_random.Next(Openers.Length)]);
        }

        if (english && _random.NextDouble() < CloserShare)
        {
            words.Add(Closers[_random.Next(Closers.Length)]);
        }

        return Opened(string.Join(' ', words), language);
    }

    private string Opened(string text, string language) =>
        openers.TryGetValue(language, out var known) && _random.NextDouble() < ForeignOpenerShare ? known[_random.Next(known.Count)] + " " + text : text;

    /// <summary>Characters without blanks between them: two in a row make a word, more or less.</summary>
    private string DropCharacters(string text)
    {
        var kept = new System.Text.StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i += 2)
        {
            if (_random.NextDouble() >= DropRate * DropShare)
            {
                kept.Append(text.AsSpan(i, Math.Min(2, text.Length - i)));
            }
        }

        return kept.Length > 3 ? kept.ToString() : text;
    }
}
