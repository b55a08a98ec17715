namespace HybridConversations.Observability;

/// <summary>Names of OpenTelemetry's semantic conventions for generative AI, and of what they have no name for (<c>hc.</c>).</summary>
internal static class GenAi
{
    public const string Operation = "gen_ai.operation.name";
    public const string Provider = "gen_ai.provider.name";
    public const string RequestModel = "gen_ai.request.model";
    public const string ResponseModel = "gen_ai.response.model";
    public const string Stream = "gen_ai.request.stream";
    public const string Conversation = "gen_ai.conversation.id";
    public const string ResponseId = "gen_ai.response.id";
    public const string FinishReasons = "gen_ai.response.finish_reasons";
    public const string FirstChunk = "gen_ai.response.time_to_first_chunk";
    public const string InputTokens = "gen_ai.usage.input_tokens";
    public const string OutputTokens = "gen_ai.usage.output_tokens";
    public const string CachedTokens = "gen_ai.usage.cache_read.input_tokens";
    public const string TokenType = "gen_ai.token.type";
    public const string InputMessages = "gen_ai.input.messages";
    public const string OutputMessages = "gen_ai.output.messages";
    public const string ErrorType = "error.type";
    public const string Priority = "hc.priority";
    public const string Outcome = "hc.outcome";
    public const string Endpoint = "hc.cloud.endpoint";
    public const string Tenant = "hc.tenant";

    /// <summary>This house as a provider of models.</summary>
    public const string Here = "hybrid_conversations";
    public const string Chat = "chat";

    /// <summary>The conventions' bounds for the duration of an operation, s.</summary>
    public static double[] DurationBounds { get; } = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];

    /// <summary>For the time to the first token, s.</summary>
    public static double[] FirstTokenBounds { get; } = [0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

    /// <summary>For the time of a token, s.</summary>
    public static double[] TokenBounds { get; } = [0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5];

    /// <summary>A name as the conventions write it: lower case, words joined by an underscore.</summary>
    public static string Name(Enum value) => string.Concat(value.ToString().Select((character, index) =>
        char.IsUpper(character) ? (index > 0 ? "_" : "") + char.ToLowerInvariant(character) : character.ToString()));
}
