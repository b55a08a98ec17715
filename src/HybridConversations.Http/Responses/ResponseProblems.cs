namespace HybridConversations.Http.Responses;

/// <summary>What can be wrong with a request of the Responses API besides its members.</summary>
internal static class ResponseProblems
{
    /// <summary>Clients read this code and send their whole context again.</summary>
    public static Problem PreviousNotFound(string id) => new("previous_response_not_found", 400, "The response to go on from is not here.",
        $"Previous response with id '{LogText.Of(id)}' not found. Send the whole context as input; responses are kept in the memory of the server that made them.");

    public static Problem NotFound(string id) => ProblemCodes.Missing($"Response with id '{LogText.Of(id)}' not found.");

    public static Problem Busy => new("response_in_progress", 409, "A response is under way on this connection.",
        "One response at a time runs on a connection. Wait for its end or send response.cancel first.");
}
