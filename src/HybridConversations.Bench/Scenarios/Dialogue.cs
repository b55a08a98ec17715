using HybridConversations.Bench.Http;

namespace HybridConversations.Bench.Scenarios;

/// <summary>A conversation with a server, one turn at a time.</summary>
internal abstract class Dialogue
{
    /// <summary>Says something and reads the reply, of <paramref name="maxTokens"/> tokens, to its end.</summary>
    /// <param name="role">What the reply is for, in the report.</param>
    /// <param name="text">What is said.</param>
    /// <param name="maxTokens">Tokens of the reply.</param>
    /// <param name="slot">Slot of llama-server to answer in; others pass over it.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public abstract Task<ReplyTrace> Say(string role, string text, int maxTokens, int? slot, CancellationToken cancellationToken);

    /// <summary>Forgets it, where the server holds it.</summary>
    public virtual Task Forget() => Task.CompletedTask;
}

/// <summary>The client holds the history and sends it whole with each turn.</summary>
internal sealed class ChatDialogue(ChatClient chat, string system) : Dialogue
{
    private readonly List<BenchMessage> _history = [new BenchMessage("system", system)];

    public override async Task<ReplyTrace> Say(string role, string text, int maxTokens, int? slot, CancellationToken cancellationToken)
    {
        _history.Add(new BenchMessage("user", text));
        var reply = await chat.Ask(new BenchRequest(role, [.. _history], maxTokens) { Slot = slot }, cancellationToken);
        _history.Add(new BenchMessage("assistant", reply.Text));
        return reply;
    }
}

/// <summary>The server holds the history.</summary>
internal sealed class TurnDialogue(TurnClient turns, string conversation, string system) : Dialogue
{
    private string? _system = system;

    public override async Task<ReplyTrace> Say(string role, string text, int maxTokens, int? slot, CancellationToken cancellationToken)
    {
        var reply = await turns.Say(conversation, new TurnRequest(role, text, maxTokens) { System = _system }, cancellationToken);
        _system = null;
        return reply;
    }

    public override Task Forget() => turns.Delete(conversation);
}
