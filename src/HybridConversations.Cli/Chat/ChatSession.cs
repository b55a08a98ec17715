using HybridConversations.Cli.Settings;

namespace HybridConversations.Cli.Chat;

/// <summary>Who one chat talks to, and how.</summary>
internal sealed class ChatSession
{
    private readonly IConversations _conversations;
    private readonly ChatSettings _settings;
    private IConversation _conversation;
    private string? _turnId;

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
        (ConversationId, HasTurns, _turnId) = (NewId("chat"), false, null);
        _conversation = _conversations.Get(ConversationId);
    }

    public IAsyncEnumerable<ReplyEvent> Say(string text, CancellationToken cancellationToken)
    {
        HasTurns = true;
        _turnId = NewId("turn");
        return _conversation.Say(new Turn { TurnId = _turnId, Text = text, System = _settings.System, Sampling = _settings.Sampling }, cancellationToken);
    }

    /// <summary>Ends the reply to what was said last.</summary>
    public async Task Interrupt()
    {
        if (_turnId is not null)
        {
            await _conversation.InterruptTurn(_turnId, heard: null);
        }
    }

    /// <summary>A page of what was said, oldest first; null when nothing was.</summary>
    public Task<ConversationPage?> Read(long after, CancellationToken cancellationToken) => _conversation.Read(after, Limits.MaxPage, cancellationToken);

    private static string NewId(string kind) => $"{kind}-{Guid.CreateVersion7():N}";
}
