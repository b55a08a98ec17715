using HybridConversations.Http.Items;

namespace HybridConversations.Http.Responses;

/// <summary>What can be wrong with a request of the Responses API besides its members.</summary>
internal static class ResponseProblems
{
    /// <summary>Clients read this code and send their whole context again.</summary>
    public static Problem PreviousNotFound(string id) => new(ProblemCodes.PreviousNotFound, 400,
        $"Previous response with id '{LogText.Of(id)}' not found: it was not stored, or was deleted. Send the whole context as input.");

    /// <summary>Nothing can follow a response that is not whole yet.</summary>
    public static Problem PreviousRuns(ResponseId id) => new(ProblemCodes.TurnInProgress, 409,
        $"Response '{id}' is still being answered. Wait for its end, cancel it, or send \"interrupt\": true to barge in.", Retryable: true, RetryAfterMs: 1000);

    public static Problem NotFound(string id) => ProblemCodes.Missing($"Response with id '{LogText.Of(id)}' not found.");

    public static Problem NoConversation(string id) => ProblemCodes.Missing($"Conversation with id '{LogText.Of(id)}' not found.");

    public static Problem NoItem(string id) => ProblemCodes.Missing($"Item with id '{LogText.Of(id)}' not found.");

    public static Problem Busy => new(ProblemCodes.ResponseInProgress, 409,
        "One response at a time runs on a connection. Wait for its end or send response.cancel first.");
}
