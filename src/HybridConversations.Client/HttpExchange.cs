using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using HybridConversations.Client.Wire;

namespace HybridConversations.Client;

/// <summary>One request and its answer, with every failure turned into a <see cref="ProblemException"/>.</summary>
internal static class HttpExchange
{
    public static async Task<HttpResponseMessage> Send(HttpClient http, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        }
        catch (HttpRequestException exception)
        {
            throw new ProblemException(Unreachable(http, exception), exception);
        }
        catch (TaskCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ProblemException(Unreachable(http, exception), exception);
        }
    }

    public static async Task ThrowUnlessSuccess(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (!response.IsSuccessStatusCode)
        {
            throw new ProblemException(await ReadProblem(response, cancellationToken));
        }
    }

    public static async Task<T> Read<T>(HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        try
        {
            return await response.Content.ReadFromJsonAsync(type, cancellationToken) ?? throw new JsonException("The answer is null.");
        }
        catch (Exception exception) when (exception is JsonException or IOException or HttpRequestException)
        {
            throw new ProblemException(ProblemCodes.ServerUnreachable(
                $"The answer of {response.RequestMessage?.RequestUri} is not what this API sends: {exception.Message}"), exception);
        }
    }

    public static JsonContent Body<T>(T body, JsonTypeInfo<T> type) => JsonContent.Create(body, type);

    public static Problem Unreachable(HttpClient http, Exception exception) =>
        ProblemCodes.ServerUnreachable($"{http.BaseAddress} did not answer: {exception.Message} Is the server running there ('hc serve')?");

    private static async Task<Problem> ReadProblem(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var status = (int)response.StatusCode;
        if (response.Content.Headers.ContentType?.MediaType == "application/problem+json")
        {
            try
            {
                var document = await response.Content.ReadFromJsonAsync(WireJson.Answers.ProblemDocument, cancellationToken);
                if (document is not null)
                {
                    return document.ToProblem();
                }
            }
            catch (Exception exception) when (exception is JsonException or IOException or HttpRequestException)
            {
                // The status line is all there is to tell.
            }
        }

        return new Problem(ProblemCodes.Unreachable, status,
            $"{response.RequestMessage?.RequestUri} answered {status} {response.ReasonPhrase} without saying why. Is it a HybridConversations server?",
            Retryable: status >= 500);
    }
}
