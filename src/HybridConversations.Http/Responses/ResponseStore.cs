using System.Diagnostics.CodeAnalysis;

namespace HybridConversations.Http.Responses;

/// <summary>
/// Responses that may be gone on from, in the memory of this process: bounded in number and bytes, the least recently used go first. A client whose
/// <c>previous_response_id</c> is not here any more is told so and sends its context again, as it must to any server. Thread-safe.
/// </summary>
internal sealed class ResponseStore(int maxResponses = 4096, long maxBytes = 64L << 20)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedListNode<StoredResponse>> _byId = new(StringComparer.Ordinal);
    private readonly LinkedList<StoredResponse> _newestFirst = new();
    private long _bytes;

    public void Add(StoredResponse response)
    {
        lock (_lock)
        {
            Take(response.Id);
            _byId[response.Id] = _newestFirst.AddFirst(response);
            _bytes += response.Bytes;
            while (_byId.Count > 1 && (_byId.Count > maxResponses || _bytes > maxBytes))
            {
                Take(_newestFirst.Last!.Value.Id);
            }
        }
    }

    public bool TryGet(string id, [NotNullWhen(true)] out StoredResponse? response)
    {
        lock (_lock)
        {
            response = null;
            if (!_byId.TryGetValue(id, out var node))
            {
                return false;
            }

            _newestFirst.Remove(node);
            _newestFirst.AddFirst(node);
            response = node.Value;
            return true;
        }
    }

    /// <returns>False when it was not there.</returns>
    public bool Remove(string id)
    {
        lock (_lock)
        {
            return Take(id);
        }
    }

    private bool Take(string id)
    {
        if (!_byId.Remove(id, out var node))
        {
            return false;
        }

        _newestFirst.Remove(node);
        _bytes -= node.Value.Bytes;
        return true;
    }
}
