using HybridConversations.Inference.Engine;

namespace HybridConversations.Simulation.Fleet;

/// <summary>What people do: begin, speak, listen, interrupt, leave.</summary>
public sealed partial class FleetSimulation
{
    /// <summary>The next conversation's beginning: exponential steps of a clock that runs as fast as people come at that time of the day.</summary>
    private double NextBeginning(double now)
    {
        var parts = _scenario.Arrivals;
        var seconds = _scenario.Hours * 3600;
        var part = (int)Math.Min(parts.Count - 1, now / seconds * parts.Count);
        var rate = _scenario.Conversations / seconds * parts[part] / parts.Average();
        return now + _draws.Exponential(1 / Math.Max(1e-9, rate));
    }

    private void Begin(double now)
    {
        if (_begun >= _scenario.Conversations || now > _scenario.Hours * 3600)
        {
            return;
        }

        var talk = new Talk(_begun++, _draws.Geometric(_scenario.Turns));
        talk.Tokens.AddRange(_system);
        _talks.Add(talk.Id, talk);
        Schedule(NextBeginning(now), What.Begins, 0, 0);
        Schedule(now, What.Speaks, talk.Id, talk.Part);
    }

    private void Speak(Talk talk, double now)
    {
        var text = SaidTexts.Draw(_draws, _scenario.HardShare, talk.LastText < 0);
        AddNew(talk, _draws.Length(_scenario.SaidTokens, 200));
        talk.SpokenAt = now;
        talk.ReplyTokens = _draws.Length(_scenario.AnswerTokens, 200);
        talk.AwaitsTool = _draws.Happens(_scenario.Tools);
        talk.BargesIn = _draws.Happens(_scenario.BargeIns);
        if (talk.Tokens.Count + talk.ReplyTokens + ToolCallTokens + ToolResultTokens >= _window)
        {
            End(talk); // its window would be cut, which is not simulated
            return;
        }

        _tally.Turns++;

        if (!Place(talk, now))
        {
            _tally.Refused++;
            End(talk);
            return;
        }

        // The silo that hosts the conversation asks the router with its device's load.
        var decision = _texts.Decide(text, talk, _devices[talk.Device].Status(), _scenario.Cloud);
        (talk.LastText, talk.LastTarget, talk.LastScore) = (text, decision.Target, decision.Score);
        _tally.RedisWrites += 2;
        if (decision.Target == RouteTarget.Cloud)
        {
            AskCloud(talk, now);
        }
        else
        {
            SendToDevice(talk, now);
        }
    }

    private void AskCloud(Talk talk, double now)
    {
        _tally.Cloud++;
        _tally.Sent += talk.Tokens.Count;
        var tokens = 4 * talk.ReplyTokens; // hard questions have longer answers
        _tally.Got += tokens;
        AddNew(talk, Math.Min(tokens, 200));
        var whole = now + _draws.Exponential(CloudFirstTokenSeconds) + (tokens / CloudTokensPerSecond);
        Listen(talk, whole, talk.ReplyTokens);
    }

    /// <summary>A local answer is whole, or as far as it was heard.</summary>
    private void Answered(Talk talk, GenerationResult result, double now)
    {
        _tally.Reused(result.Usage);
        var tokens = result.Usage.CompletionTokens;
        AddReply(talk, tokens);
        (talk.Generation, talk.Waiting) = (null, talk.AwaitsTool);
        if (talk.AwaitsTool)
        {
            talk.AwaitsTool = false;
            AddNew(talk, ToolResultTokens);
            Schedule(now + ToolSeconds, What.Arrives, talk.Id, ++talk.Part);
            return;
        }

        var before = (now * 1000) - (talk.SpokenAt * 1000) - result.Timings.TotalMs; // network, disk, tools and tries before
        _tally.Answered(talk.SpokenAt, before + result.Timings.FirstTokenMs, before + result.Timings.TotalMs, result.Timings.QueuedMs, result.Usage);
        Listen(talk, now, tokens);
    }

    /// <summary>The person hears the answer, or a part of it, thinks, and speaks again or leaves.</summary>
    private void Listen(Talk talk, double answeredAt, int tokens)
    {
        talk.Part++;
        if (--talk.TurnsLeft <= 0)
        {
            End(talk);
            return;
        }

        var heard = talk.BargesIn ? _draws.Uniform() : 1;
        var until = Math.Max(answeredAt, talk.SpokenAt + 0.5) + (heard * tokens / _scenario.SpokenTokensPerSecond);
        if (talk.BargesIn && heard < 1)
        {
            // History keeps what was heard.
            var unheard = (int)((1 - heard) * tokens);
            talk.Tokens.RemoveRange(talk.Tokens.Count - Math.Min(unheard, tokens), Math.Min(unheard, tokens));
        }

        Schedule(until + _draws.Exponential(_scenario.ThinkSeconds), What.Speaks, talk.Id, talk.Part);
    }

    private void End(Talk talk)
    {
        _talks.Remove(talk.Id);
        if (talk.Holder >= 0)
        {
            _devices[talk.Holder].Leave(talk.Key);
        }
    }

    /// <summary>Tokens that nobody has said before.</summary>
    private void AddNew(Talk talk, int count)
    {
        for (var i = 0; i < count; i++)
        {
            talk.Tokens.Add(_nextToken = (_nextToken % int.MaxValue) + 1);
        }
    }

    /// <summary>What the device wrote.</summary>
    private static void AddReply(Talk talk, int count)
    {
        for (var i = 0; i < count; i++)
        {
            talk.Tokens.Add(1);
        }
    }
}
