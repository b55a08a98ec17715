using System.Runtime.CompilerServices;
using HybridConversations.Escalations.Bridging;

namespace HybridConversations.Conversations;

/// <summary>A reply from the cloud. What fails before its first text can be answered elsewhere; what breaks off after it is kept and marked.</summary>
internal sealed class CloudReply(ConversationServices services, EscalationChoice? choice, PromptMessages prompt, TurnProgress progress)
{
    private static readonly Bridge NoBridge = new(new BridgeOptions());

    /// <summary>After the stream has ended: why there is no reply; null when there is one.</summary>
    public Problem? Failure { get; private set; }

    /// <summary>The pieces of the reply, and what a voice says until the first one comes; never throws but when <paramref name="cancellationToken"/> is cancelled.</summary>
    public async IAsyncEnumerable<ReplyEvent> Stream(string conversationId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (choice is null)
        {
            Failure = TurnProblems.NoCloud();
            yield break;
        }

        var turn = progress.Turn;
        var endpoint = choice.Status.Endpoint;
        progress.AnsweredBy = endpoint;
        var request = new EscalationRequest(conversationId, turn.Tenant, prompt.Messages, turn.Sampling, progress.RemainingMs)
        {
            Tools = progress.Head?.Tools ?? [],
            ToolChoice = turn.ToolChoice ?? ToolChoice.Auto,
            ParallelToolCalls = turn.ParallelToolCalls,
            TraceParent = progress.TraceParent,
        };
        var any = false;
        Problem? problem = null;
        EscalationFinished? finished = null;
        var bridge = choice.Bridge ?? NoBridge;
        await using var events = bridge.Over(choice.Escalation.Ask(request, cancellationToken), turn, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            Bridged? step = null;
            try
            {
                step = await events.MoveNextAsync() ? events.Current : null;
            }
            catch (Exception error) when (!cancellationToken.IsCancellationRequested)
            {
                problem = Explain(error, conversationId);
            }

            if (step is not { } next)
            {
                break;
            }

            if (next.Phrase is { } phrase)
            {
                yield return new ReplyBridge(phrase);
            }
            else if (next.Event is EscalationText { Text.Length: > 0 } text)
            {
                any = true;
                yield return new ReplyText(text.Text);
            }
            else if (next.Event is EscalationToolCall call)
            {
                any = true;
                yield return ReplyToolCall.Of(call.Call);
            }
            else if (next.Event is EscalationFinished end)
            {
                finished = end;
            }
        }

        if (!any)
        {
            Failure = problem ?? TurnProblems.EmptyCloudReply(finished?.Endpoint ?? endpoint);
            yield break;
        }

        Finish(finished, problem);
    }

    private void Finish(EscalationFinished? finished, Problem? problem)
    {
        progress.AnsweredBy = finished?.Endpoint ?? choice!.Status.Endpoint;
        progress.FinishReason = problem is null && finished is { FinishReason: not FinishReason.Interrupted } ? finished.FinishReason : FinishReason.Cut;
        progress.CutBy = progress.FinishReason == FinishReason.Cut ? problem ?? TurnProblems.CloudCut(progress.AnsweredBy, finished?.Note) : null;
        if (finished is not null)
        {
            progress.Usage = new TokenUsage(
                finished.PromptTokens, finished.CompletionTokens, finished.CachedTokens, Math.Max(0, finished.PromptTokens - finished.CachedTokens));
        }
    }

    private Problem Explain(Exception error, string conversationId)
    {
        var problem = TurnProblems.From(error, out var reference);
        if (reference is not null)
        {
            services.Logger.LogInternalError(error, conversationId, progress.Turn.TurnId, reference);
        }

        return problem;
    }
}
