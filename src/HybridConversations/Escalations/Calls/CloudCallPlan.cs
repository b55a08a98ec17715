using HybridConversations.Escalations.Endpoints;
using HybridConversations.Escalations.Settings;
using HybridConversations.Escalations.Window;

namespace HybridConversations.Escalations.Calls;

/// <summary>What a turn will ask of the cloud, and what it may cost.</summary>
internal sealed record CloudCallPlan
{
    private const int MaxStopsSent = 4;

    public required CloudRequest Request { get; init; }

    /// <summary>Stop strings that the endpoint does not take and that are looked for here.</summary>
    public required IReadOnlyList<string> LocalStops { get; init; }

    /// <summary>Prompt tokens as estimated.</summary>
    public required int PromptEstimate { get; init; }

    /// <summary>No bill is larger.</summary>
    public required CloudUsage Worst { get; init; }

    /// <summary>Cuts the conversation to the window. Throws <see cref="ProblemException"/> when not even the turn fits, or the cloud cannot do what it asks.</summary>
    /// <param name="options">The endpoint.</param>
    /// <param name="request">The turn.</param>
    /// <param name="share">Of the window's room, 1 for all of it.</param>
    public static CloudCallPlan Of(CloudOptions options, EscalationRequest request, double share = 1)
    {
        if (request.Sampling.Grammar is not null)
        {
            throw CloudProblems.Failed(options.Name, new CloudException(CloudFailureKind.Unsupported,
                "it cannot follow a GBNF grammar. Send a JSON schema instead, or let the device answer."), 1);
        }

        // A reasoning model's hidden tokens count against the bound: the caller's small one would leave no text at all.
        var maxTokens = options.Reasoning ? options.MaxOutputTokens : Math.Min(request.Sampling.MaxTokens ?? options.MaxOutputTokens, options.MaxOutputTokens);
        var estimate = new TokenEstimate(options.BytesPerToken);
        var tools = estimate.Of(request.Tools);
        var room = (int)((options.WindowTokens - maxTokens) * share) - tools;
        var messages = CloudWindow.Fit(request.Messages, room, estimate)
            ?? throw CloudProblems.DoesNotFit(options.Name, estimate.Of(Newest(request.Messages)), room);
        var stops = request.Sampling.Stop;
        var local = options.Reasoning || stops.Count > MaxStopsSent;
        return new CloudCallPlan
        {
            Request = new CloudRequest(messages, local ? request.Sampling with { Stop = [] } : request.Sampling, maxTokens)
            {
                Tools = request.Tools,
                ToolChoice = request.ToolChoice,
                ParallelToolCalls = request.ParallelToolCalls,
            },
            LocalStops = local ? stops : [],
            PromptEstimate = estimate.Of(messages) + tools,
            Worst = new CloudUsage(TokenEstimate.Bound(messages, request.Tools), maxTokens, 0),
        };
    }

    private static IEnumerable<ChatMessage> Newest(IReadOnlyList<ChatMessage> messages)
    {
        var last = messages.Count - 1;
        while (last > 0 && messages[last].Role != ChatMessage.User)
        {
            last--;
        }

        return messages.TakeWhile(m => m.Role == ChatMessage.System).Concat(messages.Skip(last));
    }
}
