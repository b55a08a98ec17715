namespace HybridConversations.Inference.KvCache;

/// <summary>Which two sequences to exchange so that those who run follow each other by number; a pure function.</summary>
internal static class StreamOrder
{
    /// <summary>
    /// A running slot outside and an idle one, empty if there is one, inside of the stretch of numbers that needs the fewest exchanges. Null when those who run follow each other already.
    /// </summary>
    public static (KvSlot Outside, KvSlot Inside)? Swap(ReadOnlySpan<KvSlot> slots, int running)
    {
        Span<bool> runs = stackalloc bool[slots.Length];
        foreach (var slot in slots)
        {
            runs[slot.Id] = slot.Running;
        }

        var (best, most) = (0, -1);
        for (var from = 0; from + running <= slots.Length; from++)
        {
            var inside = runs.Slice(from, running).Count(true);
            if (inside > most)
            {
                (best, most) = (from, inside);
            }
        }

        if (most >= running || most < 0)
        {
            return null;
        }

        KvSlot? outside = null;
        KvSlot? gap = null;
        foreach (var slot in slots)
        {
            var isInside = slot.Id >= best && slot.Id < best + running;
            if (slot.Running && !isInside && (outside is null || slot.Count < outside.Count))
            {
                outside = slot;
            }
            else if (!slot.Running && isInside && (gap is null || slot.Count < gap.Count))
            {
                gap = slot;
            }
        }

        return outside is null || gap is null ? null : (outside, gap);
    }
}
