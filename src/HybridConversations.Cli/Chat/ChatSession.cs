using HybridConversations.Cli.Settings;

namespace HybridConversations.Cli.Chat;

/// <summary>Who one chat talks to, and how.</summary>
internal sealed class ChatSession
{
    private readonly IConversations _conversations;
    private readonly ChatSettings _settings;
    private IConversation _conversation;

    public ChatSession(IConversations conversations, ChatSettings settings)
    {
        (_conversations, _settings) = (conversations, settings);
        ConversationId = settings.Conversation ?? NewId("chat");
        HasTurns = settings.Conversation is not null;
        _conversation = conversations.Get(ConversationId);
    }

    /// <summary>The conversation that is going on.</summary>
    public string ConversationId { get; private set; }

    /// <summary>May there be something to read back?</summary>
    public bool HasTurns { get; private set; }

    /// <summary>Leaves this conversation and begins another.</summary>
    public void BeginAnew()
    {
        (ConversationId, HasTurns) = (NewId("chat"), false);
        _conversation = _conversations.Get(ConversationId);
    }

    public IAsyncEnumerable<ReplyEvent> Say(string text, CancellationToken cancellationToken)
    {
        HasTurns = true;
        return _conversation.Say(new Turn { TurnId = NewId("turn"), Text = text, System = _settings.System, Sampling = _settings.Sampling }, cancellationToken);
    }

    /// <summary>Barge in.</summary>
    public Task<InterruptResult> Interrupt() => _conversation.Interrupt(heard: null);

    /// <summary>A page of what was said, oldest first; null when nothing was.</summary>
    public Task<ConversationPage?> Read(long after, CancellationToken cancellationToken) => _conversation.Read(after, Limits.MaxPage, cancellationToken);

    private static string NewId(string kind) => $"{kind}-{Guid.CreateVersion7():N}";
}
