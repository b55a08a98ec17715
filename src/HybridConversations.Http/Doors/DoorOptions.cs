namespace HybridConversations.Http.Doors;

/// <summary>Who may speak to the API from a browser, and under which names. The defaults suit a server that only its own machine reaches.</summary>
public sealed record DoorOptions
{
    /// <summary>Host names besides this machine's own under which a connection to a loopback address may ask; <c>*</c> allows all. A name <c>*.example.org</c> stands for those below it.</summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    /// <summary>Origins (<c>https://app.example.org</c>) whose pages may use the API from a browser; <c>*</c> allows all.</summary>
    public IReadOnlyList<string> AllowedOrigins { get; init; } = [];

    /// <summary>The certificate of https addresses; null where there are none.</summary>
    public CertificateFiles? Certificate { get; init; }
}
