using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using HybridConversations.Http.OpenAi;

namespace HybridConversations.Http.Responses;

/// <summary>The events of a response that goes on without its client, for whoever reads it while it runs or soon after. Thread-safe.</summary>
internal sealed class ResponseLog
{
    private readonly Lock _lock = new();
    private readonly List<byte[]> _events = [];
    private TaskCompletionSource _more = NewSource();
    private bool _isWhole;

    /// <summary>Bytes that it holds.</summary>
    public long Bytes { get; private set; }

    /// <summary>No event follows.</summary>
    public bool IsWhole
    {
        get
        {
            lock (_lock)
            {
                return _isWhole;
            }
        }
    }

    /// <summary>Adds the next event; its place is its <c>sequence_number</c>.</summary>
    public void Add(JsonObject e)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(e, OpenAiJson.Answers.JsonObject);
        Wake(() =>
        {
            _events.Add(json);
            Bytes += json.Length;
        });
    }

    /// <summary>No event follows.</summary>
    public void End() => Wake(() => _isWhole = true);

    /// <summary>The events behind one of them, from the first where that is null; waits for those that are still to come.</summary>
    public async IAsyncEnumerable<JsonObject> Behind(long? number, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        for (var next = (number ?? -1) + 1; ; next++)
        {
            while (true)
            {
                Task more;
                lock (_lock)
                {
                    if (next < _events.Count)
                    {
                        break;
                    }

                    if (_isWhole)
                    {
                        yield break;
                    }

                    more = _more.Task;
                }

                await more.WaitAsync(cancellationToken);
            }

            yield return Event((int)next);
        }
    }

    private JsonObject Event(int index)
    {
        byte[] json;
        lock (_lock)
        {
            json = _events[index];
        }

        return (JsonObject)JsonNode.Parse(json, documentOptions: new JsonDocumentOptions { MaxDepth = OpenAiJson.MaxDepth })!;
    }

    private void Wake(Action change)
    {
        TaskCompletionSource waiting;
        lock (_lock)
        {
            change();
            (waiting, _more) = (_more, NewSource());
        }

        waiting.SetResult();
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
