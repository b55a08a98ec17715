using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using HybridConversations.Client.Wire;

namespace HybridConversations.Client;

/// <summary>One conversation, through the HTTP API.</summary>
internal sealed class HttpConversation(HttpClient http, string id) : IConversation
{
    private readonly string _path = "conversations/" + Uri.EscapeDataString(id);

    public async IAsyncEnumerable<ReplyEvent> Say(Turn turn, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await using var reply = await ReplyStream.Open(http, $"{_path}/turns", turn, cancellationToken);
        while (await reply.Next(cancellationToken) is { } next)
        {
            yield return next;
        }
    }

    public Task<InterruptResult> Interrupt(string? heard, CancellationToken cancellationToken = default) => Interrupt(new InterruptBody(heard), cancellationToken);

    public Task<InterruptResult> InterruptTurn(string turnId, string? heard, CancellationToken cancellationToken = default) =>
        Interrupt(new InterruptBody(heard, turnId), cancellationToken);

    public async Task Listen(SpokenDraft draft, CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{_path}/listen");
        request.Content = HttpExchange.Body(new ListenBody(draft.Text, draft.Speculate ? true : null, draft.System), WireJson.Bodies.ListenBody);
        using var response = await HttpExchange.Send(http, request, cancellationToken);
        await HttpExchange.ThrowUnlessSuccess(response, cancellationToken);
    }

    public async Task<ConversationPage?> Read(long after, int limit, CancellationToken cancellationToken = default)
    {
        var query = string.Create(CultureInfo.InvariantCulture, $"{_path}?after={after}&limit={limit}");
        using var request = new HttpRequestMessage(HttpMethod.Get, query);
        using var response = await HttpExchange.Send(http, request, cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }

        await HttpExchange.ThrowUnlessSuccess(response, cancellationToken);
        return await HttpExchange.Read(response, WireJson.Answers.ConversationPage, cancellationToken);
    }

    public async Task<bool> Delete(CancellationToken cancellationToken = default) => await Forget(cancellationToken) is not null;

    public async Task<Deletion?> Forget(CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, _path);
        using var response = await HttpExchange.Send(http, request, cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }

        await HttpExchange.ThrowUnlessSuccess(response, cancellationToken);

        // A server of the release before gives no account.
        return response.StatusCode == HttpStatusCode.NoContent
            ? new Deletion([], [])
            : await HttpExchange.Read(response, WireJson.Answers.Deletion, cancellationToken);
    }

    private async Task<InterruptResult> Interrupt(InterruptBody body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{_path}/interrupt");
        request.Content = HttpExchange.Body(body, WireJson.Bodies.InterruptBody);
        using var response = await HttpExchange.Send(http, request, cancellationToken);
        await HttpExchange.ThrowUnlessSuccess(response, cancellationToken);
        return await HttpExchange.Read(response, WireJson.Answers.InterruptResult, cancellationToken);
    }
}
