using HybridConversations.Cli.Settings;

namespace HybridConversations.Cli.Chat;

/// <summary>Who one chat talks to, and how.</summary>
internal sealed class ChatSession
{
    private readonly IConversations _conversations;
    private readonly ChatSettings _settings;
    private IConversation _conversation;
    private Turn? _last;
    private bool _lastFailed;

    public ChatSession(IConversations conversations, ChatSettings settings)
    {
        (_conversations, _settings) = (conversations, settings);
        ConversationId = settings.Conversation ?? NewId("chat");
        HasTurns = settings.Conversation is not null;
        System = settings.System;
        _conversation = conversations.Get(ConversationId);
    }

    /// <summary>The conversation that is going on.</summary>
    public string ConversationId { get; private set; }

    /// <summary>May there be something to read back?</summary>
    public bool HasTurns { get; private set; }

    /// <summary>System prompt of the conversation, where it begins here.</summary>
    public string? System { get; private set; }

    /// <summary>What is said from now on never leaves the house.</summary>
    public bool Private { get; set; }

    /// <summary>Where it is answered from now on.</summary>
    public ThinkMode Think { get; set; }

    /// <summary>Leaves this conversation and begins another.</summary>
    /// <param name="system">Its system prompt; null for the one of this session.</param>
    public void BeginAnew(string? system = null)
    {
        (ConversationId, HasTurns, _last, System) = (NewId("chat"), false, null, system ?? System);
        _conversation = _conversations.Get(ConversationId);
    }

    public IAsyncEnumerable<ReplyEvent> Say(string text, CancellationToken cancellationToken) => Say(new Turn
    {
        TurnId = NewId("turn"),
        Text = text,
        System = System,
        Sampling = _settings.Sampling,
        Private = Private,
        Think = Think,
    }, cancellationToken);

    /// <summary>Says again what was said last: the same turn where it failed, and a new one where it was answered. Null when nothing was said.</summary>
    public IAsyncEnumerable<ReplyEvent>? Retry(CancellationToken cancellationToken) =>
        _last is null ? null : Say(_lastFailed ? _last : _last with { TurnId = NewId("turn"), Think = Think, Private = Private || _last.Private }, cancellationToken);

    /// <summary>Ends the reply to what was said last.</summary>
    public async Task Interrupt()
    {
        if (_last is not null)
        {
            await _conversation.InterruptTurn(_last.TurnId, heard: null);
        }
    }

    /// <summary>A page of what was said, oldest first; null when nothing was.</summary>
    public Task<ConversationPage?> Read(long after, CancellationToken cancellationToken) => _conversation.Read(after, Limits.MaxPage, cancellationToken);

    /// <summary>Forgets the conversation and begins another.</summary>
    /// <returns>What was forgotten; null when there was nothing.</returns>
    public async Task<Deletion?> Forget(CancellationToken cancellationToken)
    {
        var deletion = await _conversation.Forget(cancellationToken);
        BeginAnew();
        return deletion;
    }

    private async IAsyncEnumerable<ReplyEvent> Say(Turn turn, [global::System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        (HasTurns, _last, _lastFailed) = (true, turn, false);
        await foreach (var reply in _conversation.Say(turn, cancellationToken))
        {
            _lastFailed = reply is ReplyFailed;
            yield return reply;
        }
    }

    private static string NewId(string kind) => $"{kind}-{Guid.CreateVersion7():N}";
}
