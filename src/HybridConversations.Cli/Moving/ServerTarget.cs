using System.Globalization;
using System.Net;
using HybridConversations.Client;
using HybridConversations.Client.Wire;

namespace HybridConversations.Cli.Moving;

/// <summary>A server, through <c>PUT /conversations/{id}</c>.</summary>
internal sealed class ServerTarget(HttpClient http) : IImportTarget
{
    public async Task<bool> Add(ConversationPage page, long after, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, $"conversations/{Uri.EscapeDataString(page.Id)}?after={after.ToString(CultureInfo.InvariantCulture)}");
        request.Content = HttpExchange.Body(page, WireJson.Answers.ConversationPage);
        using var response = await HttpExchange.Send(http, request, cancellationToken);
        if (response.StatusCode == HttpStatusCode.Conflict)
        {
            return false;
        }

        await HttpExchange.ThrowUnlessSuccess(response, cancellationToken);
        return true;
    }
}
