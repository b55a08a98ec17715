using System.Text.Json.Serialization;

namespace HybridConversations.Escalations.Settings;

/// <summary>
/// One cloud endpoint: where it is, what it costs and how long anyone waits for it. Immutable; <see cref="CloudOptionsValidator"/> judges it whole
/// at start-up. Holds no key: see <c>CloudKeys</c>.
/// </summary>
public sealed record CloudOptions
{
    /// <summary>Its name in events, status, logs and the ledger; 1 to 64 of a–z, 0–9, '-', '_' and '.'.</summary>
    public string Name { get; init; } = "cloud";

    /// <summary>Whose API it speaks.</summary>
    public CloudKind Kind { get; init; } = CloudKind.OpenAI;

    /// <summary>
    /// Up to and with <c>/v1/</c>, e.g. <c>https://RESOURCE.openai.azure.com/openai/v1/</c> or <c>http://gpu-server:8000/v1/</c>.
    /// Null for <see cref="CloudKind.OpenAI"/>, <c>https://api.openai.com/v1/</c>, and where <see cref="Resource"/> is given.
    /// </summary>
    public Uri? BaseAddress { get; init; }

    /// <summary>Model; at Azure's v1 address the name of the deployment.</summary>
    public string Model { get; init; } = "";

    /// <summary>
    /// An Azure resource, by its name or as <c>https://RESOURCE.openai.azure.com/</c>, instead of a v1 address; with <see cref="Deployment"/> and
    /// <see cref="ApiVersion"/>. For resources that are reached by api-version only; the v1 address is simpler.
    /// </summary>
    public string? Resource { get; init; }

    /// <summary>The deployment of <see cref="Resource"/> that answers.</summary>
    public string? Deployment { get; init; }

    /// <summary>Version of Azure's API at <see cref="Resource"/>, e.g. <c>2024-10-21</c>.</summary>
    public string? ApiVersion { get; init; }

    /// <summary>How it proves who it is.</summary>
    public CloudAuthentication Authentication { get; init; } = CloudAuthentication.Key;

    /// <summary>A file that holds the key and nothing else; null: environment or user secrets.</summary>
    public string? KeyFile { get; init; }

    /// <summary>Tokens of prompt and reply together that the model takes. Null: 128,000 for OpenAI and Azure, 8,192 for a compatible server.</summary>
    public int? Window { get; init; }

    /// <summary>Tokens of a reply at most; a turn that asks for fewer gets fewer. A reasoning model's hidden tokens count.</summary>
    public int MaxOutputTokens { get; init; } = 1024;

    /// <summary>
    /// UTF-8 bytes that one token is taken for when tokens are estimated. English has about 4 and code about 3, Chinese 3 to 4: 3 errs to the
    /// safe side. Lower it where the endpoint refuses prompts as too long.
    /// </summary>
    public double BytesPerToken { get; init; } = 3;

    /// <summary>The model thinks in hidden tokens and knows no temperature, top-p, penalties or stop strings: none are sent, and stop strings are looked for here.</summary>
    public bool Reasoning { get; init; }

    /// <summary><c>minimal</c>, <c>low</c>, <c>medium</c>, <c>high</c> or what the model of the day knows; null sends none.</summary>
    public string? ReasoningEffort { get; init; }

    /// <summary>
    /// The member that bounds the reply. Null: <c>max_completion_tokens</c> for OpenAI and Azure, <c>max_tokens</c> for a compatible server and for
    /// models of <see cref="Resource"/> that do not reason.
    /// </summary>
    public MaxTokensMember? MaxTokensMember { get; init; }

    /// <summary>What tokens cost.</summary>
    public CloudPrices Prices { get; init; } = new();

    /// <summary>How long it waits.</summary>
    public CloudTimeouts Timeouts { get; init; } = new();

    /// <summary>How much at once.</summary>
    public CloudLimits Limits { get; init; } = new();

    /// <summary>When it tries again.</summary>
    public CloudRetry Retry { get; init; } = new();

    /// <summary>When it gives the endpoint a rest.</summary>
    public CloudBreaker Breaker { get; init; } = new();

    /// <summary>How much may be spent.</summary>
    public CloudBudgets Budgets { get; init; } = new();

    /// <summary><see cref="BaseAddress"/>, or the resource's, or OpenAI's own, with a slash at its end.</summary>
    [JsonIgnore]
    public Uri Address
    {
        get
        {
            var address = BaseAddress ?? ResourceAddress ?? new Uri("https://api.openai.com/v1/");
            return address.AbsoluteUri.EndsWith('/') ? address : new Uri(address.AbsoluteUri + "/");
        }
    }

    /// <summary>The address of <see cref="Resource"/>; null when there is none, or it is neither a name nor an address.</summary>
    [JsonIgnore]
    internal Uri? ResourceAddress => Resource is null ? null
        : Resource.Contains("://", StringComparison.Ordinal) ? Uri.TryCreate(Resource, UriKind.Absolute, out var address) ? address : null
        : Resource.Length is >= 2 and <= 64 && Resource.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') ? new Uri($"https://{Resource}.openai.azure.com/")
        : null;

    /// <summary><see cref="Window"/>, or the default of the kind.</summary>
    [JsonIgnore]
    public int WindowTokens => Window ?? (Kind == CloudKind.Compatible ? 8_192 : 128_000);

    [JsonIgnore]
    internal MaxTokensMember MaxTokensName => MaxTokensMember
        ?? (Kind == CloudKind.Compatible || (Resource is not null && !Reasoning) ? Settings.MaxTokensMember.MaxTokens : Settings.MaxTokensMember.MaxCompletionTokens);
}

/// <summary>Who speaks the protocol.</summary>
public enum CloudKind
{
    /// <summary>api.openai.com.</summary>
    [JsonStringEnumMemberName("openai")]
    OpenAI,

    /// <summary>Azure OpenAI: its v1 address, or a resource with a deployment and an api-version.</summary>
    [JsonStringEnumMemberName("azure")]
    Azure,

    /// <summary>Any other server with <c>/chat/completions</c>: vLLM, llama-server, another <c>hc serve</c>.</summary>
    [JsonStringEnumMemberName("compatible")]
    Compatible,
}

/// <summary>How the endpoint knows who asks.</summary>
public enum CloudAuthentication
{
    /// <summary>An API key as bearer token.</summary>
    [JsonStringEnumMemberName("key")]
    Key,

    /// <summary>Microsoft Entra ID through Azure.Identity's DefaultAzureCredential; Azure only.</summary>
    [JsonStringEnumMemberName("entra-id")]
    EntraId,

    /// <summary>A key where one is found, else nothing; compatible servers only.</summary>
    [JsonStringEnumMemberName("optional")]
    Optional,

    /// <summary>Nothing is sent; compatible servers only.</summary>
    [JsonStringEnumMemberName("none")]
    None,
}

/// <summary>The request's member that bounds the reply's tokens.</summary>
public enum MaxTokensMember
{
    /// <summary><c>max_completion_tokens</c>: OpenAI's newer models.</summary>
    [JsonStringEnumMemberName("max_completion_tokens")]
    MaxCompletionTokens,

    /// <summary><c>max_tokens</c>: everybody else.</summary>
    [JsonStringEnumMemberName("max_tokens")]
    MaxTokens,
}
