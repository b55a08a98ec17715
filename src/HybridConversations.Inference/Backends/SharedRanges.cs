using System.Runtime.InteropServices;

namespace HybridConversations.Inference.Backends;

/// <summary>
/// Which positions of a sequence are shared with another one. llama.cpp moves a shared cell for every sequence that holds it and cannot be asked who
/// does, so a backend over it keeps book here and refuses such a move.
/// </summary>
internal sealed class SharedRanges
{
    private readonly List<Link> _links = [];

    /// <summary><paramref name="target"/> now holds the cells of <paramref name="source"/> at [from, to), and with it whoever shared them already.</summary>
    public void Copy(int source, int target, int from, int to)
    {
        var known = _links.Count;
        for (var index = 0; index < known; index++)
        {
            var link = _links[index];
            var other = link.A == source ? link.B : link.B == source ? link.A : -1;
            if (other >= 0 && other != target)
            {
                Add(other, target, Math.Max(from, link.From), Math.Min(to, link.To));
            }
        }

        Add(source, target, from, to);
    }

    /// <summary>A sequence let go of its cells at [from, to).</summary>
    public void Remove(int sequence, int from, int to)
    {
        for (var index = _links.Count - 1; index >= 0; index--)
        {
            var link = _links[index];
            if ((link.A != sequence && link.B != sequence) || link.To <= from || link.From >= to)
            {
                continue;
            }

            _links.RemoveAt(index);
            Add(link.A, link.B, link.From, Math.Min(link.To, from));
            Add(link.A, link.B, Math.Max(link.From, to), link.To);
        }
    }

    /// <summary>Does another sequence hold a cell of this one at [from, to)?</summary>
    public bool Touches(int sequence, int from, int to)
    {
        foreach (var link in _links)
        {
            if ((link.A == sequence || link.B == sequence) && link.From < to && link.To > from)
            {
                return true;
            }
        }

        return false;
    }

    private void Add(int a, int b, int from, int to)
    {
        if (from < to)
        {
            _links.Add(new Link(a, b, from, to));
        }
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Link(int A, int B, int From, int To);
}
