using HybridConversations.Routing;

namespace HybridConversations.Simulation.Fleet;

/// <summary>
/// What people say, for the router, which decides by words: everyday and hard requests and follow-ups. A decision depends on the text, the one before, the device's
/// saturation and the cloud, so each combination is asked of the real router once.
/// </summary>
internal sealed class SaidTexts
{
    private static readonly string[] Everyday =
    [
        "what time is it in Tokyo", "set a timer for ten minutes", "turn on the lights in the kitchen", "what's the weather like tomorrow", "tell me a joke",
        "how do you say thank you in Italian", "play some jazz", "who wrote Moby Dick", "remind me to call my mother at six", "how many grams are in an ounce",
        "what can I cook with eggs and spinach", "is it going to rain this afternoon", "how old is the universe", "add milk to the shopping list", "good morning",
    ];

    private static readonly string[] FollowUps = ["and tomorrow?", "make it shorter", "why?", "thanks", "and in French?"];

    private static readonly string[] Hard =
    [
        "write me a python script that renames all photos in a folder by the date they were taken", "think hard about how to structure my savings for the next ten years",
        "compare the tax implications of leasing and buying a car for a small company in detail", "prove that there are infinitely many prime numbers and explain each step",
        "implement a thread-safe LRU cache in C++", "plan a two week trip through Japan with a budget for each day",
    ];

    private static readonly string[] All = [.. Everyday, .. FollowUps, .. Hard];
    private readonly Router _router = new();
    private readonly Dictionary<(int Text, int Before, RouteTarget Target, bool Saturated, bool Cloud), RouteDecision> _known = [];

    /// <summary>Something to say; the first turn of a conversation is no follow-up.</summary>
    public static int Draw(Draws draws, double hardShare, bool first) =>
        draws.Happens(hardShare) ? Everyday.Length + FollowUps.Length + draws.Random.Next(Hard.Length)
        : !first && draws.Happens(0.3) ? Everyday.Length + draws.Random.Next(FollowUps.Length)
        : draws.Random.Next(Everyday.Length);

    public RouteDecision Decide(int text, Talk talk, DeviceStatus? device, bool cloud)
    {
        var load = device?.Load;
        var saturated = load is not null && load.Waiting >= Math.Max(1, load.QueueLimit * new RouterOptions().BusyQueueShare);
        var key = (text, talk.LastText, talk.LastTarget, saturated, cloud);
        if (!_known.TryGetValue(key, out var decision))
        {
            decision = _router.Decide(new RouteRequest
            {
                Turn = new Turn { TurnId = "t", Text = All[text], Priority = TurnPriority.Voice },
                Recent = talk.LastText < 0 ? [] : [new RoutedTurn(All[talk.LastText], talk.LastTarget, talk.LastScore)],
                Device = device,
                Cloud = cloud ? new EscalationStatus("simulated", true, null, 0, 0, 0) : null,
            });
            _known[key] = decision;
        }

        return decision;
    }
}
