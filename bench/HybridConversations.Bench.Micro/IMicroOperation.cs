namespace HybridConversations.Bench.Micro;

/// <summary>One thing that is done again and again, set up once. Disposing frees what it was set up with.</summary>
public interface IMicroOperation : IDisposable
{
    /// <summary>As in allocation-limits.csv.</summary>
    string Name { get; }

    /// <summary>Does it once.</summary>
    void Run();
}
