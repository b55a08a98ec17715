namespace HybridConversations.Inference.Grammar;

/// <summary>Which rules may be empty, and which can begin with which.</summary>
internal static class RuleOrder
{
    /// <summary>For each rule: may it be the empty text? Linear in the points: what is known of one is told to those before it, once.</summary>
    public static bool[] MayBeEmpty(IReadOnlyList<GrammarPoint> points, int[] starts)
    {
        var before = new Edges(points.Count, 2 * points.Count);
        var callers = new Edges(starts.Length, points.Count);
        var rulesAt = new Edges(points.Count, starts.Length);
        var open = new Stack<int>();
        for (var at = 0; at < points.Count; at++)
        {
            switch (points[at].Kind)
            {
                case GrammarPointKind.Split:
                    before.Add(points[at].A, 2 * at);
                    before.Add(points[at].B, (2 * at) + 1);
                    break;
                case GrammarPointKind.Call:
                    before.Add(points[at].B, 2 * at);
                    callers.Add(points[at].A, at);
                    break;
                case GrammarPointKind.End:
                    open.Push(at);
                    break;
            }
        }

        for (var rule = 0; rule < starts.Length; rule++)
        {
            rulesAt.Add(starts[rule], rule);
        }

        var (empty, ends) = (new bool[starts.Length], new bool[points.Count]);
        while (open.TryPop(out var at))
        {
            if (ends[at])
            {
                continue;
            }

            ends[at] = true;
            for (var edge = before.First(at); edge >= 0; edge = before.After(edge))
            {
                if (points[edge / 2] is { Kind: GrammarPointKind.Split } || empty[points[edge / 2].A])
                {
                    open.Push(edge / 2);
                }
            }

            for (var rule = rulesAt.First(at); rule >= 0; rule = rulesAt.After(rule))
            {
                empty[rule] = true;
                for (var call = callers.First(rule); call >= 0; call = callers.After(call))
                {
                    if (ends[points[call].B])
                    {
                        open.Push(call);
                    }
                }
            }
        }

        return empty;
    }

    /// <summary>An order in which each rule comes before those that it can begin with.</summary>
    /// <exception cref="ProblemException">A rule can begin with itself.</exception>
    public static int[] Sort(IReadOnlyList<GrammarPoint> points, int[] starts, bool[] empty, string[] names)
    {
        var reach = new Reach(points, empty);
        var first = new List<int>[starts.Length];
        for (var rule = 0; rule < starts.Length; rule++)
        {
            first[rule] = reach.CallsFrom(starts[rule]);
        }

        // Depth first without recursion: a chain of rules is as long as a grammar.
        var order = new List<int>(starts.Length);
        var state = new byte[starts.Length]; // 0 new, 1 open, 2 done
        var open = new Stack<(int Rule, int Next)>();
        for (var start = 0; start < starts.Length; start++)
        {
            if (state[start] == 0)
            {
                state[start] = 1;
                open.Push((start, 0));
            }

            while (open.TryPop(out var at))
            {
                if (at.Next == first[at.Rule].Count)
                {
                    state[at.Rule] = 2;
                    order.Add(at.Rule);
                    continue;
                }

                open.Push(at with { Next = at.Next + 1 });
                var next = first[at.Rule][at.Next];
                if (state[next] == 1)
                {
                    throw GrammarProblem.In(names[next], next == at.Rule
                        ? "can begin with itself (left recursion); put something before it"
                        : $"can begin with itself by way of '{names[at.Rule]}' (left recursion); put something before it");
                }

                if (state[next] == 0)
                {
                    state[next] = 1;
                    open.Push((next, 0));
                }
            }
        }

        order.Reverse();
        return [.. order];
    }

    /// <summary>Lists of small numbers, each in one list.</summary>
    private sealed class Edges
    {
        private readonly int[] _first;
        private readonly int[] _after;

        public Edges(int lists, int numbers)
        {
            (_first, _after) = (new int[lists], new int[numbers]);
            Array.Fill(_first, -1);
        }

        public int First(int list) => _first[list];

        public int After(int number) => _after[number];

        public void Add(int list, int number)
        {
            _after[number] = _first[list];
            _first[list] = number;
        }
    }

    /// <summary>Follows the points that take no byte.</summary>
    private sealed class Reach(IReadOnlyList<GrammarPoint> points, bool[] empty)
    {
        private readonly int[] _seen = new int[points.Count];
        private readonly Stack<int> _open = new();
        private int _stamp;

        /// <summary>The rules that can be called before a byte was taken, each once.</summary>
        public List<int> CallsFrom(int from)
        {
            _stamp++;
            var called = new HashSet<int>();
            _open.Push(from);
            while (_open.TryPop(out var at))
            {
                if (_seen[at] == _stamp)
                {
                    continue;
                }

                _seen[at] = _stamp;
                var point = points[at];
                switch (point.Kind)
                {
                    case GrammarPointKind.Split:
                        _open.Push(point.A);
                        _open.Push(point.B);
                        break;
                    case GrammarPointKind.Call:
                        called.Add(point.A);
                        if (empty[point.A])
                        {
                            _open.Push(point.B);
                        }

                        break;
                }
            }

            return [.. called];
        }
    }
}
