using System.Runtime.CompilerServices;
using HybridConversations.Inference.Text;
using HybridConversations.Routing;
using HybridConversations.Storage;

namespace HybridConversations.Conversations;

/// <summary>Finds out where a turn is answered and passes the reply on. What it learns goes into <see cref="TurnProgress"/>; storing is not its job.</summary>
internal sealed class TurnAnswer(ConversationServices services, ConversationState state, TurnProgress progress, CallRecord calls)
{
    private readonly Turn _turn = progress.Turn;
    private readonly SentenceSplitter _sentences = new();

    /// <summary><see cref="ReplyRouted"/>, then the reply; the end of the stream is the end of the reply.</summary>
    /// <exception cref="ProblemException">The turn cannot be answered.</exception>
    public async IAsyncEnumerable<ReplyEvent> Stream([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var choice = await DeviceChoice.Make(services.Devices, state.Head, _turn, cancellationToken);
        var endpoint = services.Escalations?.Pick(_turn.Tenant);
        var decision = Decide(choice.Status, endpoint?.Status);
        yield return Routed(decision, choice);

        if (decision.Target == RouteTarget.Cloud)
        {
            var cloud = new CloudReply(services, endpoint, PromptMessages.ForCloud(System(choice), state.Window, _turn.Text, progress.Answered.Results, _turn.Earlier), progress);
            await foreach (var reply in Speak(cloud.Stream(state.Head.Id, cancellationToken), cancellationToken))
            {
                yield return reply;
            }

            if (cloud.Failure is not { } failure)
            {
                yield break;
            }

            if (!_turn.AllowFallback)
            {
                throw new ProblemException(failure);
            }

            services.Logger.LogFellBack(state.Head.Id, _turn.TurnId, failure.Detail);
            var reason = $"The cloud could not answer, so the device does: {failure.Detail}";
            yield return Routed(new RouteDecision(RouteTarget.Local, decision.Score, reason, "cloud-failed"), choice);
        }

        await foreach (var reply in Speak(Local(choice, cancellationToken), cancellationToken))
        {
            yield return reply;
        }
    }

    private bool IsPrivate => _turn.Private || progress.Stored is { Private: true };

    /// <summary>The device's own where nobody gave one: the cloud gets the same.</summary>
    private string? System(DeviceChoice choice) => _turn.Instructions is { Length: > 0 } instructions
        ? state.Head.System is { Length: > 0 } own ? $"{instructions}\n\n{own}" : instructions
        : state.Head.System ?? services.Options.DefaultSystem ?? choice.Status?.SystemPrompt;

    private RouteDecision Decide(DeviceStatus? device, EscalationStatus? cloud)
    {
        var recent = state.Window.Where(turn => turn.User.Length > 0 && turn.IsAnswered).TakeLast(services.Options.RouterTurns);
        var decision = services.Router.Decide(new RouteRequest
        {
            Turn = _turn.Private == IsPrivate ? _turn : _turn with { Private = IsPrivate },
            Privacy = progress.Privacy,
            CalledFrom = progress.Answered.From,
            Recent = [.. recent.Select(turn => new RoutedTurn(turn.User, turn.Route, turn.Score))],
            Device = device,
            Cloud = cloud,
        });

        // Routers know these rules as well; they are kept here whatever routers say.
        if (decision.Target == RouteTarget.Cloud && _turn.Device is { } only)
        {
            return new RouteDecision(RouteTarget.Local, decision.Score, $"The caller asked for the device '{only}'.", "demand");
        }

        if (decision.Target == RouteTarget.Cloud && IsPrivate)
        {
            services.Logger.LogKeptPrivate(state.Head.Id, _turn.TurnId, decision.Policy);
            return new RouteDecision(RouteTarget.Local, decision.Score, progress.Privacy.Reason ?? "The turn is private and must not leave the device.", "private");
        }

        return decision;
    }

    /// <summary>Puts the route on record, for a local one with the reason why this device answers.</summary>
    private ReplyRouted Routed(RouteDecision decision, DeviceChoice choice)
    {
        if (decision.Target == RouteTarget.Local && choice.Reason is { Length: > 0 } reason)
        {
            decision = decision with { Reason = decision.Reason.Length == 0 ? reason : $"{decision.Reason} {reason}" };
        }

        progress.Route = decision;
        return new ReplyRouted(decision.Target, decision.Reason, decision.Policy, decision.Score);
    }

    /// <summary>Each piece as it comes, each sentence as soon as it is whole.</summary>
    private async IAsyncEnumerable<ReplyEvent> Speak(IAsyncEnumerable<ReplyEvent> reply, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var e in reply.WithCancellation(cancellationToken))
        {
            if (e is ReplyToolCall call)
            {
                // What was said before a call is spoken before it is carried out.
                foreach (var sentence in Rest())
                {
                    yield return sentence;
                }

                yield return await calls.Store(call);
                continue;
            }

            yield return e;
            if (e is not ReplyText piece)
            {
                continue;
            }

            _sentences.Push(piece.Text);
            while (_sentences.TryTake(out var sentence))
            {
                yield return new ReplySentence(sentence);
            }
        }

        foreach (var sentence in Rest())
        {
            yield return sentence;
        }
    }

    /// <summary>What is left of a sentence that nothing more comes to.</summary>
    private IEnumerable<ReplySentence> Rest()
    {
        _sentences.Flush();
        while (_sentences.TryTake(out var rest))
        {
            yield return new ReplySentence(rest);
        }
    }

    private async IAsyncEnumerable<ReplyEvent> Local(DeviceChoice choice, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (device, status) = choice.OrThrow();
        var prompt = PromptMessages.Of(System(choice), state.Window, _turn.Text, progress.Answered.Results, _turn.Earlier);
        var seesPrivate = state.Window.Any(turn => turn.Private || turn.PrivateReply);
        progress.PrivateReply = seesPrivate && !IsPrivate;
        var request = new DeviceRequest
        {
            ConversationId = state.Head.Id,
            Messages = prompt.Messages,
            Date = state.Head.BegunAt,
            Private = IsPrivate || seesPrivate,
            Tools = state.Head.Tools ?? [],
            ToolChoice = _turn.ToolChoice ?? ToolChoice.Auto,
            ParallelToolCalls = _turn.ParallelToolCalls,
            Reasoning = _turn.Reasoning ?? new ReasoningOptions(),
            Sampling = _turn.Sampling,
            Priority = _turn.Priority,
            DeadlineMs = progress.RemainingMs,
            TraceParent = progress.TraceParent,
        };

        // Wherever this ends, the KV is there from now on; how much of it counts is for the device to find out.
        progress.AnsweredBy = status.DeviceId;
        progress.Kv = new KvReference(status.DeviceId, status.Model.Hash, 0);
        var assembly = new CallAssembly();
        await foreach (var e in device.Generate(request, cancellationToken))
        {
            switch (e)
            {
                case DeviceText { Text.Length: > 0 } text:
                    yield return new ReplyText(text.Text);
                    break;
                case DeviceReasoning { Text.Length: > 0 } thought:
                    progress.Think(thought.Text);
                    if (_turn.Reasoning is not null)
                    {
                        yield return new ReplyReasoning(thought.Text);
                    }

                    break;
                case DeviceToolCall call:
                    assembly.Begin(call);
                    break;
                case DeviceToolArguments piece when assembly.Add(piece) is { } whole:
                    yield return ReplyToolCall.Of(whole);
                    break;
                case DeviceFinished finished:
                    Finish(finished, prompt, status);
                    break;
            }
        }

        if (progress.FinishReason is null or FinishReason.Interrupted)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new ProblemException(TurnProblems.DeviceStopped(status.DeviceId));
        }
    }

    private void Finish(DeviceFinished finished, PromptMessages prompt, DeviceStatus status)
    {
        progress.AnsweredBy = finished.DeviceId;
        progress.FinishReason = finished.FinishReason;
        progress.Usage = finished.Usage;
        progress.QueuedMs = finished.Timings.QueuedMs;
        progress.LastDropped = prompt.LastDropped(finished.DroppedMessages);
        progress.Kv = new KvReference(finished.DeviceId, status.Model.Hash, finished.Usage.PromptTokens + finished.Usage.CompletionTokens);
    }
}
