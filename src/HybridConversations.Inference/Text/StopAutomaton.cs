using System.Text;

namespace HybridConversations.Inference.Text;

/// <summary>
/// The automaton of Aho and Corasick (1975) over the UTF-8 bytes of several strings. State 0 is the root; a state stands for the longest end of the text that
/// begins one of the strings. Children are chained siblings: no more than there are strings, so a step costs amortised constant time in little memory.
/// </summary>
internal sealed class StopAutomaton
{
    private readonly List<Node> _nodes = [new Node()];

    public StopAutomaton(IReadOnlyList<string> strings)
    {
        for (var i = 0; i < strings.Count; i++)
        {
            Add(Encoding.UTF8.GetBytes(strings[i]), i);
        }

        Link();
    }

    /// <summary>Bytes of the text's end that begin a string, in this state.</summary>
    public int Depth(int state) => _nodes[state].Depth;

    /// <summary>Bytes of the longest string that ends in this state; 0 for none.</summary>
    public int MatchLength(int state) => _nodes[state].MatchLength;

    /// <summary>Index of that string.</summary>
    public int MatchIndex(int state) => _nodes[state].MatchIndex;

    public int Next(int state, byte value)
    {
        while (true)
        {
            var child = Child(state, value);
            if (child != 0 || state == 0)
            {
                return child;
            }

            state = _nodes[state].Fail;
        }
    }

    private int Child(int state, byte value)
    {
        var child = _nodes[state].FirstChild;
        while (child != 0 && _nodes[child].Value != value)
        {
            child = _nodes[child].NextSibling;
        }

        return child;
    }

    private void Add(ReadOnlySpan<byte> bytes, int index)
    {
        var state = 0;
        foreach (var value in bytes)
        {
            var child = Child(state, value);
            if (child == 0)
            {
                child = _nodes.Count;
                _nodes.Add(new Node { Value = value, Depth = _nodes[state].Depth + 1, NextSibling = _nodes[state].FirstChild });
                _nodes[state].FirstChild = child;
            }

            state = child;
        }

        if (_nodes[state].MatchLength == 0)
        {
            _nodes[state].MatchLength = bytes.Length;
            _nodes[state].MatchIndex = index;
        }
    }

    // Breadth first, so that the shorter suffix that a link points to is finished before it is used.
    private void Link()
    {
        var queue = new Queue<int>();
        queue.Enqueue(0);
        while (queue.TryDequeue(out var state))
        {
            for (var child = _nodes[state].FirstChild; child != 0; child = _nodes[child].NextSibling)
            {
                var node = _nodes[child];
                node.Fail = state == 0 ? 0 : Next(_nodes[state].Fail, node.Value);
                if (node.MatchLength == 0)
                {
                    node.MatchLength = _nodes[node.Fail].MatchLength;
                    node.MatchIndex = _nodes[node.Fail].MatchIndex;
                }

                queue.Enqueue(child);
            }
        }
    }

    private sealed class Node
    {
        public byte Value { get; init; }
        public int Depth { get; init; }
        public int NextSibling { get; init; }
        public int FirstChild { get; set; }
        public int Fail { get; set; }
        public int MatchLength { get; set; }
        public int MatchIndex { get; set; } = -1;
    }
}
