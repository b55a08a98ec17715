using System.Runtime.CompilerServices;

namespace HybridConversations.Conversations;

/// <summary>A reply from the cloud. What fails before its first text can be answered elsewhere; what breaks off after it is kept and marked.</summary>
internal sealed class CloudReply(ConversationServices services, string? endpoint, Prompt prompt, TurnProgress progress)
{
    /// <summary>After the stream has ended: why there is no reply; null when there is one.</summary>
    public Problem? Failure { get; private set; }

    /// <summary>The pieces of the reply; never throws but when <paramref name="cancellationToken"/> is cancelled.</summary>
    public async IAsyncEnumerable<string> Stream(string conversationId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (services.Escalation is not { } cloud)
        {
            Failure = TurnProblems.NoCloud();
            yield break;
        }

        var turn = progress.Turn;
        progress.AnsweredBy = endpoint;
        var request = new EscalationRequest(conversationId, turn.Tenant, prompt.Messages, turn.Sampling, progress.RemainingMs);
        var any = false;
        Problem? problem = null;
        EscalationFinished? finished = null;
        await using var events = cloud.Ask(request, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            EscalationEvent? next = null;
            try
            {
                next = await events.MoveNextAsync() ? events.Current : null;
            }
            catch (Exception error) when (!cancellationToken.IsCancellationRequested)
            {
                problem = Explain(error, conversationId);
            }

            if (next is EscalationText { Text.Length: > 0 } text)
            {
                any = true;
                yield return text.Text;
            }
            else if (next is EscalationFinished end)
            {
                finished = end;
            }
            else if (next is null)
            {
                break;
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
        progress.AnsweredBy = finished?.Endpoint ?? endpoint;
        progress.FinishReason = problem is null && finished is { FinishReason: not FinishReason.Interrupted } ? finished.FinishReason : FinishReason.Cut;
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
