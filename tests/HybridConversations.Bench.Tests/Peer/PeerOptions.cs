namespace HybridConversations.Bench.Tests.Peer;

/// <summary>Which server the peer plays.</summary>
public enum PeerKind
{
    OpenAi,
    LlamaServer,
    HybridConversations,
}

/// <summary>How the peer behaves.</summary>
public sealed record PeerOptions
{
    public PeerKind Kind { get; init; } = PeerKind.OpenAi;

    /// <summary>0 for any.</summary>
    public int Port { get; init; }

    /// <summary>Before each token but the first.</summary>
    public TimeSpan Gap { get; init; }

    /// <summary>Token lists that stay in memory; the least recently used leaves.</summary>
    public int Room { get; init; } = 1000;

    /// <summary>Tokens of a reply where the request does not say <c>ignore_eos</c>.</summary>
    public int OwnLength { get; init; } = 3;

    /// <summary>Answers 400 to members that OpenAI's API does not have.</summary>
    public bool RefusesExtensions { get; init; }

    /// <summary>More tokens before each prompt.</summary>
    public int TemplateTokens { get; init; }

    /// <summary>Prompts with more tokens get 400.</summary>
    public int Context { get; init; } = int.MaxValue;

    /// <summary>Reads so many old tokens again after each barge-in, as a server would that does not rewind well.</summary>
    public int ReadsAgain { get; init; }

    /// <summary>Keeps conversations and slot files here, beyond its death.</summary>
    public string? Folder { get; init; }

    /// <summary>Completions beyond so many at a time get 503.</summary>
    public int MostAtOnce { get; init; } = int.MaxValue;
}
