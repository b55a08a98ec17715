using System.Diagnostics.CodeAnalysis;

namespace HybridConversations.Inference.Grammar;

/// <summary>Sorted sets of items, each kept once and known by its number.</summary>
internal sealed class ItemTable
{
    private readonly List<long[]> _sets = [];
    private readonly Dictionary<long[], int> _numbers;
    private readonly Dictionary<long[], int>.AlternateLookup<ReadOnlySpan<long>> _lookup;

    public ItemTable()
    {
        _numbers = new(new SameItems());
        _lookup = _numbers.GetAlternateLookup<ReadOnlySpan<long>>();
    }

    public int Count => _sets.Count;

    /// <summary>Items held by all sets together.</summary>
    public long Items { get; private set; }

    public ReadOnlySpan<long> this[int number] => _sets[number];

    /// <summary>The number of a set, which is sorted in place and loses its doubles.</summary>
    public int Intern(Span<long> items)
    {
        items.Sort();
        var kept = 0;
        for (var i = 0; i < items.Length; i++)
        {
            if (i == 0 || items[i] != items[i - 1])
            {
                items[kept++] = items[i];
            }
        }

        var set = items[..kept];
        if (!_lookup.TryGetValue(set, out var number))
        {
            number = _sets.Count;
            var copy = set.ToArray();
            _sets.Add(copy);
            _numbers.Add(copy, number);
            Items += kept + 8; // and what a list costs besides
        }

        return number;
    }

    private sealed class SameItems : IEqualityComparer<long[]>, IAlternateEqualityComparer<ReadOnlySpan<long>, long[]>
    {
        public bool Equals(long[]? x, long[]? y) => x.AsSpan().SequenceEqual(y);

        public bool Equals(ReadOnlySpan<long> alternate, long[] other) => alternate.SequenceEqual(other);

        public int GetHashCode([DisallowNull] long[] obj) => GetHashCode(obj.AsSpan());

        public int GetHashCode(ReadOnlySpan<long> alternate)
        {
            var hash = new HashCode();
            hash.AddBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(alternate));
            return hash.ToHashCode();
        }

        public long[] Create(ReadOnlySpan<long> alternate) => alternate.ToArray();
    }
}
