using Microsoft.AspNetCore.Http;

namespace HybridConversations.Tests.Common.MisbehavingCloud;

/// <summary>What an Azure OpenAI resource checks before it answers, and how it refuses: bodies and codes as Azure sends them.</summary>
/// <param name="Key">Its key, taken in <c>api-key</c>; at the v1 address as bearer token, too.</param>
/// <param name="Token">An Entra ID token that it takes as bearer token.</param>
/// <param name="Deployment">Its one deployment.</param>
/// <param name="ApiVersion">The one version that it knows.</param>
public sealed record AzureDoor(string Key, string Token, string Deployment, string ApiVersion)
{
    /// <summary>The path of the resource's deployments, and of its v1 address.</summary>
    public const string DeploymentPath = "/openai/deployments/{deployment}/chat/completions";
    public const string V1Path = "/openai/v1/chat/completions";

    /// <summary>What the resource says instead of an answer; null when it lets the call in.</summary>
    public Misbehaviour? Refuse(HttpRequest request, ReceivedCall call)
    {
        var v1 = request.Path == V1Path;
        string?[] keys = v1 ? [call.ApiKey, call.Authorization?.Replace("Bearer ", "", StringComparison.Ordinal)] : [call.ApiKey];
        if (!keys.Contains(Key) && call.Authorization != $"Bearer {Token}")
        {
            return Json(401, """{"error":{"code":"401","message":"Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid key for an active subscription and use a correct regional API endpoint for your resource."}}""");
        }

        if (!v1 && request.Query["api-version"] != ApiVersion)
        {
            return Json(404, """{"error":{"code":"404","message":"Resource not found"}}""");
        }

        var deployment = v1 ? call.Json.GetProperty("model").GetString() : request.RouteValues["deployment"] as string;
        return deployment == Deployment ? null : Json(404,
            """{"error":{"code":"DeploymentNotFound","message":"The API deployment for this resource does not exist. If you created the deployment within the last 5 minutes, please wait a moment and try again."}}""");
    }

    /// <summary>The prompt was filtered.</summary>
    public static Misbehaviour FilteredPrompt { get; } = Json(400, """
        {"error":{"message":"The response was filtered due to the prompt triggering Azure OpenAI's content management policy. Please modify your prompt and retry.","type":null,"param":"prompt","code":"content_filter","status":400,
        "innererror":{"code":"ResponsibleAIPolicyViolation","content_filter_result":{"hate":{"filtered":false,"severity":"safe"},"jailbreak":{"filtered":true,"detected":true},"self_harm":{"filtered":false,"severity":"safe"},
        "sexual":{"filtered":false,"severity":"safe"},"violence":{"filtered":true,"severity":"high"}}}}}
        """);

    /// <summary>Too many tokens a minute.</summary>
    public static Misbehaviour TooMany(string? milliseconds, string? seconds = null)
    {
        var headers = new Dictionary<string, string> { ["x-ratelimit-remaining-tokens"] = "0" };
        if (milliseconds is not null)
        {
            headers["retry-after-ms"] = milliseconds;
        }

        if (seconds is not null)
        {
            headers["Retry-After"] = seconds;
        }

        var refusal = Json(429, """{"error":{"code":"429","message":"Requests to the ChatCompletions_Create Operation under Azure OpenAI API version 2024-10-21 have exceeded token rate limit of your current AIServices S0 pricing tier. Please retry after 1 second."}}""");
        return refusal with { Headers = headers };
    }

    /// <summary>A reply that the filter ends after these pieces.</summary>
    public static Misbehaviour FilteredReply(params string[] pieces) => new() { Pieces = pieces, Finish = "content_filter" };

    private static Misbehaviour Json(int status, string body) => new() { Status = status, ContentType = "application/json", Body = body };
}
