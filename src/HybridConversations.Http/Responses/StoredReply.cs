using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using HybridConversations.Http.Items;

namespace HybridConversations.Http.Responses;

/// <summary>
/// A response as a turn of a stored conversation. It goes on in the conversation of the response before it as long as that is the last there; behind an older one it
/// goes on in a new conversation that begins with the same turns (a fork), whose KV state devices find by its tokens.
/// </summary>
/// <param name="conversations">All conversations.</param>
/// <param name="request">What is asked.</param>
/// <param name="messages">Its input, and what came before where that is stored nowhere.</param>
/// <param name="isAlone">What came before is in <paramref name="messages"/>, or nothing did.</param>
/// <param name="frame">What is kept of the request.</param>
internal sealed class StoredReply(IConversations conversations, ResponseRequest request, IReadOnlyList<ChatMessage> messages, bool isAlone, JsonObject frame) : IReplySource
{
    private volatile bool _begun;

    public ResponseId Id { get; private set; } = ResponseId.New();

    public JsonObject Frame => frame;

    public async IAsyncEnumerable<ReplyEvent> Events([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var previous = await Place(cancellationToken);
        for (var isFork = false; ; isFork = true)
        {
            var begins = previous is null && request.ConversationId is null && !isFork;
            var turn = ResponseTurn.Of(request, messages, Id, isFork ? null : previous?.TurnId, begins, frame);
            _begun = true;
            var mustFork = false;
            await foreach (var e in conversations.Get(Id.ConversationId).Say(turn, cancellationToken))
            {
                if (!isFork && previous is { } before && e is ReplyFailed failed && await MustFork(before, failed.Problem, cancellationToken))
                {
                    mustFork = true;
                    break;
                }

                yield return e;
            }

            if (!mustFork)
            {
                yield break;
            }

            await Fork(previous!.Value, cancellationToken);
        }
    }

    public async Task<bool> Interrupt(string? heard)
    {
        if (!_begun)
        {
            return false;
        }

        try
        {
            await conversations.Get(Id.ConversationId).InterruptTurn(Id.TurnId, heard, CancellationToken.None);
            return true;
        }
        catch (ProblemException error) when (error.Problem.Code == ProblemCodes.NotFound)
        {
            return false; // it is not on record yet
        }
    }

    /// <summary>Chooses the conversation, and returns the response that must be the last there.</summary>
    private async Task<ResponseId?> Place(CancellationToken cancellationToken)
    {
        if (request.PreviousId is { } text && !isAlone)
        {
            var previous = ResponseId.TryParse(text, out var id) ? id : throw new ProblemException(ResponseProblems.PreviousNotFound(text));
            Id = new ResponseId(previous.ConversationId, ResponseId.NewTurn());
            return previous;
        }

        if (request.ConversationId is { } conversation)
        {
            if (HybridConversations.Conversations.Conversation.CheckId(conversation) is not null
                || await conversations.Get(conversation).Read(long.MaxValue, 1, cancellationToken) is null)
            {
                throw new ProblemException(ResponseProblems.NoConversation(conversation));
            }

            Id = new ResponseId(conversation, ResponseId.NewTurn());
        }

        return null;
    }

    /// <summary>Another turn has come behind the one to follow, or is on its way.</summary>
    /// <exception cref="ProblemException"><c>previous_response_not_found</c>, or it is still being answered itself.</exception>
    private async Task<bool> MustFork(ResponseId previous, Problem problem, CancellationToken cancellationToken)
    {
        switch (problem.Code)
        {
            case ProblemCodes.NotFound:
                throw new ProblemException(ResponseProblems.PreviousNotFound(previous.ToString()));
            case ProblemCodes.TurnNotLast:
                return true;
            case ProblemCodes.TurnInProgress:
                return await conversations.Find(previous, cancellationToken) switch
                {
                    null => throw new ProblemException(ResponseProblems.PreviousNotFound(previous.ToString())),
                    { State: TurnState.Running } => throw new ProblemException(ResponseProblems.PreviousRuns(previous)),
                    _ => true,
                };
            default:
                return false;
        }
    }

    private async Task Fork(ResponseId previous, CancellationToken cancellationToken)
    {
        var prefix = await RecordedPrefix.UpTo(conversations, previous, cancellationToken);
        Id = ResponseId.New();
        await conversations.Record(Id.ConversationId).Change(new BeginConversation(prefix.System, null, prefix.Turns, prefix.BegunAt), cancellationToken);
    }
}
