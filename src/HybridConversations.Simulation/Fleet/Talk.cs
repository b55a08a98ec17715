using HybridConversations.Inference.Engine;

namespace HybridConversations.Simulation.Fleet;

/// <summary>A simulated conversation while somebody is in it.</summary>
internal sealed class Talk(int id, int turns)
{
    public int Id { get; } = id;
    public string Key { get; } = $"c{id}";
    public int TurnsLeft { get; set; } = turns;

    /// <summary>System prompt and all that was said.</summary>
    public List<int> Tokens { get; } = [];

    /// <summary>Device that holds its KV; −1 for none.</summary>
    public int Holder { get; set; } = -1;

    /// <summary>The model that answered it; null for none.</summary>
    public string? Model { get; set; }

    /// <summary>Device that answers it now.</summary>
    public int Device { get; set; } = -1;

    /// <summary>What was said last, and where that was answered, as the router sees it.</summary>
    public int LastText { get; set; } = -1;
    public RouteTarget LastTarget { get; set; }
    public double LastScore { get; set; }

    /// <summary>A device has its turn, or should have, and has not answered.</summary>
    public bool Waiting { get; set; }

    public double SpokenAt { get; set; }
    public int ReplyTokens { get; set; }
    public bool AwaitsTool { get; set; }
    public bool BargesIn { get; set; }
    public Generation? Generation { get; set; }

    /// <summary>Counts its turns and their parts, so that an event of an earlier one is known as late.</summary>
    public int Part { get; set; }
}
