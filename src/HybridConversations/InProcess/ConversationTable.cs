using HybridConversations.Conversations;

namespace HybridConversations.InProcess;

/// <summary>
/// The conversations that are in memory, at most <paramref name="capacity"/> idle ones. Whoever uses one holds a lease; those with a lease are never dropped,
/// so there are never two objects for one id. The least recently used ones go first.
/// </summary>
internal sealed class ConversationTable(int capacity, Func<string, Conversation> create)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Entry> _entries = [];
    private readonly LinkedList<Entry> _idle = new(); // Most recently used first.
    private bool _closed;

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _entries.Count;
            }
        }
    }

    /// <exception cref="ProblemException"><c>stopping</c>: the table is closed.</exception>
    /// <param name="id">The conversation.</param>
    /// <param name="fleeting">One that was not in memory does not stay there.</param>
    public Lease Rent(string id, bool fleeting = false)
    {
        lock (_lock)
        {
            if (_closed)
            {
                throw new ProblemException(ProblemCodes.Ending(5000));
            }

            if (!_entries.TryGetValue(id, out var entry))
            {
                entry = new Entry(id, create(id)) { IsFleeting = fleeting };
                _entries.Add(id, entry);
            }
            else if (entry.Leases == 0)
            {
                _idle.Remove(entry.Node);
            }

            entry.IsFleeting &= fleeting;
            entry.Leases++;
            return new Lease(this, entry);
        }
    }

    /// <summary>Lets nobody in any more, and returns the conversations that are in use (a resumable turn goes on without a reader, and so without a lease).</summary>
    public IReadOnlyList<Conversation> Close()
    {
        lock (_lock)
        {
            _closed = true;
            return [.. _entries.Values.Where(entry => entry.Leases > 0 || !entry.Conversation.IsIdle).Select(entry => entry.Conversation)];
        }
    }

    private void Return(Entry entry)
    {
        lock (_lock)
        {
            if (--entry.Leases > 0)
            {
                return;
            }

            if (entry.IsFleeting && entry.Conversation.IsIdle)
            {
                _entries.Remove(entry.Id);
                return;
            }

            _idle.AddFirst(entry.Node);

            // A turn that ends without a lease (its reader is gone, its end is being stored) is kept, too.
            for (var node = _idle.Last; node is not null && _idle.Count > capacity;)
            {
                var oldest = node;
                node = node.Previous;
                if (oldest.Value.Conversation.IsIdle)
                {
                    _idle.Remove(oldest);
                    _entries.Remove(oldest.Value.Id);
                }
            }
        }
    }

    internal sealed class Entry
    {
        public Entry(string id, Conversation conversation)
        {
            Id = id;
            Conversation = conversation;
            Node = new LinkedListNode<Entry>(this);
        }

        public string Id { get; }
        public Conversation Conversation { get; }
        public LinkedListNode<Entry> Node { get; }
        public int Leases { get; set; }

        /// <summary>Nobody has talked to it: it is here only to be forgotten.</summary>
        public bool IsFleeting { get; set; }
    }

    /// <summary>Keeps a conversation in memory until it is disposed (once).</summary>
    internal sealed class Lease(ConversationTable table, Entry entry) : IDisposable
    {
        public Conversation Conversation { get; } = entry.Conversation;

        public void Dispose() => table.Return(entry);
    }
}
