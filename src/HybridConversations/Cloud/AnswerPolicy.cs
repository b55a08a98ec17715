using System.ClientModel.Primitives;
using HybridConversations.Escalations.Endpoints;

namespace HybridConversations.Cloud;

/// <summary>
/// Stands next to the transport in the SDK's pipeline, and lets through only what is an event stream: errors, redirects and other content become a
/// <see cref="CloudException"/>, and the stream is bounded. What the SDK may do on top (follow a redirect with the conversation in its body, ask
/// again for a stream that broke off) is never reached: a lost reply is not paid for twice.
/// </summary>
internal sealed class AnswerPolicy(Redactor redactor, TimeProvider time) : PipelinePolicy
{
    private const string EventStream = "text/event-stream";

    public override void Process(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex) =>
        throw new NotSupportedException("Calls are asynchronous.");

    public override async ValueTask ProcessAsync(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
    {
        await ProcessNextAsync(message, pipeline, currentIndex);
        var response = message.Response ?? throw new CloudException(CloudFailureKind.Malformed, "it gave no answer.");
        if (response.Status != 200)
        {
            var body = await ErrorBody.Read(response.ContentStream, message.CancellationToken);
            var retryAfter = RetryAfterHeader.Read(name => response.Headers.TryGetValue(name, out var value) ? value : null, time);
            throw ErrorBody.Failure(response.Status, body, retryAfter, redactor);
        }

        var type = response.Headers.TryGetValue("Content-Type", out var header) ? header ?? "" : "";
        if (!type.StartsWith(EventStream, StringComparison.OrdinalIgnoreCase))
        {
            throw new CloudException(CloudFailureKind.Malformed,
                $"it answered with '{redactor.Clean(type)}' instead of an event stream; base-address may not be a chat endpoint's, or a proxy is in between.")
            {
                NothingServed = type.StartsWith("text/html", StringComparison.OrdinalIgnoreCase),
            };
        }

        response.ContentStream = new AnswerStream(response.ContentStream ?? Stream.Null);
    }
}
