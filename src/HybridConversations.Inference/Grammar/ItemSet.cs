namespace HybridConversations.Inference.Grammar;

/// <summary>A set of numbers that is emptied at no cost; grows, and allocates nothing in the steady state.</summary>
internal sealed class ItemSet
{
    private long[] _items = new long[64];
    private int[] _stamps = new int[64];
    private int _stamp = 1;

    public int Count { get; private set; }

    public void Clear()
    {
        Count = 0;
        if (++_stamp == int.MaxValue)
        {
            Array.Clear(_stamps);
            _stamp = 1;
        }
    }

    /// <summary>False when it is there already.</summary>
    public bool Add(long item)
    {
        if (2 * Count >= _items.Length)
        {
            Grow();
        }

        var at = Place(item);
        if (_stamps[at] == _stamp)
        {
            return false;
        }

        (_items[at], _stamps[at]) = (item, _stamp);
        Count++;
        return true;
    }

    // Where it is, or the free place where it would be.
    private int Place(long item)
    {
        var mask = _items.Length - 1;
        var at = (int)((ulong)(item * -7046029254386353131L) >> 40) & mask;
        while (_stamps[at] == _stamp && _items[at] != item)
        {
            at = (at + 1) & mask;
        }

        return at;
    }

    private void Grow()
    {
        var (items, stamps) = (_items, _stamps);
        (_items, _stamps) = (new long[2 * items.Length], new int[2 * items.Length]);
        for (var i = 0; i < items.Length; i++)
        {
            if (stamps[i] == _stamp)
            {
                var at = Place(items[i]);
                (_items[at], _stamps[at]) = (items[i], _stamp);
            }
        }
    }
}
