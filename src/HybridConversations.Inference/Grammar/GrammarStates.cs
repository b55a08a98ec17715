using System.Numerics;
using System.Runtime.InteropServices;

namespace HybridConversations.Inference.Grammar;

/// <summary>
/// The states of a text that a grammar's automaton reads, found as they are needed and kept, with where each byte leads. Belongs to one thread.
/// </summary>
/// <remarks>
/// <list type="number">
/// <item>A state is a set of items: a point that waits for a byte, and a node that says where its rule goes on when it ends.</item>
/// <item>A node is a set of such places, one for each caller of the rule at one place of the text: a graph-structured stack (Tomita 1985), so texts with many readings
/// cost what their different continuations cost, not what their readings cost. As in Earley's parser (1970) the work for a byte is bounded by a polynomial.</item>
/// <item>Rules that end with a call hand their own continuations on (tail calls: a list costs no stack), and empty rules are passed at once (Aycock and Horspool 2002).</item>
/// <item>No rule can begin with itself, so the rules called at one place can be taken in an order in which all callers of a rule are known before it is entered,
/// and nodes can be compared by what they hold: equal states are one, and their transitions are found once.</item>
/// </list>
/// </remarks>
internal sealed class GrammarStates
{
    /// <summary>Items that one byte may touch: what more has too many readings at once.</summary>
    public const int MaxVisits = 32_768;

    /// <summary>Items that are kept at most (8 bytes each); past it everything but the present state is forgotten.</summary>
    public const int MaxItems = 500_000;

    private const int Unknown = -2;
    private const int Nowhere = -1;
    private const int Bottom = 0;
    private readonly GrammarProgram _program;
    private readonly GrammarWork _work;
    private readonly ItemSet _seen = new();
    private readonly Stack<long> _open = new();
    private readonly List<long> _found = [];
    private readonly List<long>[] _callers;
    private readonly ulong[] _called;
    private ItemTable _nodes = new();
    private ItemTable _states = new();
    private List<int[]> _next = [];

    public GrammarStates(GrammarProgram program, GrammarWork work)
    {
        (_program, _work) = (program, work);
        _callers = new List<long>[program.Rules.Length];
        _called = new ulong[(program.Rules.Length + 63) / 64];
        Start = Begin();
    }

    /// <summary>The state before the first byte; until <see cref="Forget"/>.</summary>
    public int Start { get; }

    public int Count => _states.Count;

    public bool IsFull => Held > MaxItems;

    /// <summary>Is the text whole?</summary>
    public bool Accepts(int state) => _states[state][0] == Item(GrammarProgram.Accept, Bottom);

    /// <summary>Is the text whole, and may nothing follow?</summary>
    public bool IsEnd(int state) => Accepts(state) && _states[state].Length == 1;

    /// <summary>Items of a state: how many places of the grammar the text may be at.</summary>
    public int Width(int state) => _states[state].Length;

    /// <summary>The state behind a byte; −1 where it may not come.</summary>
    /// <exception cref="ProblemException">It costs more than a grammar may.</exception>
    public int Next(int state, byte value)
    {
        var byteClass = _program.Classes[value];
        var next = _next[state][byteClass];
        return next != Unknown ? next : Find(state, byteClass);
    }

    /// <summary>Forgets everything but what a state needs; returns its new number.</summary>
    /// <exception cref="ProblemException">That alone is too much.</exception>
    public int Forget(int state)
    {
        var (nodes, states) = (_nodes, _states);
        var needed = new bool[nodes.Count];
        needed[Bottom] = true;
        Mark(states[state], needed);
        for (var node = nodes.Count - 1; node > Bottom; node--)
        {
            if (needed[node])
            {
                Mark(nodes[node], needed); // made before it, so their numbers are lower
            }
        }

        (_nodes, _states, _next) = (new(), new(), []);
        var renamed = new int[nodes.Count];
        for (var node = 0; node < nodes.Count; node++)
        {
            if (needed[node])
            {
                renamed[node] = _nodes.Intern(Renamed(nodes[node], renamed));
            }
        }

        var kept = AddState(Renamed(states[state], renamed));
        Spend((int)Held, PointOf(_states[kept][^1]));
        return Held <= MaxItems / 2 ? kept : throw TooCostly(PointOf(_states[kept][^1]), "needs too much memory for what has been read");
    }

    private long Held => _nodes.Items + _states.Items + ((long)_states.Count * _program.Representatives.Length / 2);

    private int Begin()
    {
        _nodes.Intern([Item(GrammarProgram.Accept, Bottom)]);
        _seen.Clear();
        _found.Clear();
        AddCaller(_program.Root, Item(GrammarProgram.Accept, Bottom));
        if (_program.MayBeEmpty[_program.Root])
        {
            _found.Add(Item(GrammarProgram.Accept, Bottom));
        }

        EnterCalled();
        return AddState(CollectionsMarshal.AsSpan(_found));
    }

    private int Find(int state, byte byteClass)
    {
        _seen.Clear();
        _found.Clear();
        var value = _program.Representatives[byteClass];
        foreach (var item in _states[state])
        {
            ref readonly var point = ref _program.Points[PointOf(item)];
            if (point.Kind == GrammarPointKind.Match && _program.Next(point, value) is var target and >= 0)
            {
                _open.Push(Item(target, NodeOf(item)));
            }
        }

        Spend(_states[state].Length, PointOf(_states[state][^1]));
        Follow(fresh: false);
        EnterCalled();
        var next = _found.Count == 0 ? Nowhere : AddState(CollectionsMarshal.AsSpan(_found));
        _next[state][byteClass] = next;
        return next;
    }

    /// <summary>Follows the open items up to those that wait for a byte, and notes the rules that they call.</summary>
    /// <param name="fresh">They belong to a rule that is being entered: where it ends at once its callers have gone on already.</param>
    private void Follow(bool fresh)
    {
        while (_open.TryPop(out var item))
        {
            if (!_seen.Add(item))
            {
                continue;
            }

            var at = PointOf(item);
            CountOne(at);
            ref readonly var point = ref _program.Points[at];
            switch (point.Kind)
            {
                case GrammarPointKind.Match or GrammarPointKind.Accept:
                    _found.Add(item);
                    break;
                case GrammarPointKind.Split:
                    _open.Push(Item(point.B, NodeOf(item)));
                    _open.Push(Item(point.A, NodeOf(item)));
                    break;
                case GrammarPointKind.Call:
                    Call(point, NodeOf(item));
                    break;
                case GrammarPointKind.End when !fresh:
                    var places = _nodes[NodeOf(item)];
                    Spend(places.Length, at);
                    foreach (var place in places)
                    {
                        _open.Push(place);
                    }

                    break;
            }
        }
    }

    private void Call(in GrammarPoint call, int node)
    {
        if (_program.MayBeEmpty[call.A])
        {
            _open.Push(Item(call.B, node));
        }

        if (_program.Points[call.B].Kind != GrammarPointKind.End)
        {
            AddCaller(call.A, Item(call.B, node));
            return;
        }

        var places = _nodes[node];
        Spend(places.Length, call.B);
        foreach (var place in places)
        {
            AddCaller(call.A, place);
        }
    }

    private void AddCaller(int rule, long place)
    {
        var order = _program.Place[rule];
        (_callers[order] ??= []).Add(place);
        _called[order / 64] |= 1UL << order % 64;
    }

    /// <summary>Enters the rules that were called, each after all that can begin with it.</summary>
    private void EnterCalled()
    {
        for (var word = 0; word < _called.Length; word++)
        {
            while (_called[word] != 0)
            {
                var order = (64 * word) + BitOperations.TrailingZeroCount(_called[word]);
                var callers = CollectionsMarshal.AsSpan(_callers[order]);
                var rule = _program.Order[order];
                CheckVisits(callers.Length, _program.Starts[rule]);
                Spend(callers.Length, _program.Starts[rule]);
                var node = _nodes.Intern(callers);
                _callers[order].Clear();
                _called[word] &= ~(1UL << order % 64);
                _open.Push(Item(_program.Starts[rule], node));
                Follow(fresh: true);
            }
        }
    }

    private int AddState(Span<long> items)
    {
        var known = _states.Count;
        var state = _states.Intern(items);
        if (state == known)
        {
            var next = new int[_program.Representatives.Length];
            Array.Fill(next, Unknown);
            _next.Add(next);
        }

        return state;
    }

    private void CountOne(int point)
    {
        CheckVisits(_seen.Count, point);
        Spend(1, point);
    }

    private void CheckVisits(int visits, int point)
    {
        if (visits > MaxVisits)
        {
            throw TooCostly(point, $"can be read in too many ways: a character touches more than {MaxVisits} places");
        }
    }

    private void Spend(int units, int point)
    {
        if (!_work.TrySpend(units))
        {
            throw TooCostly(point, "costs more for a token of the reply than a step of the engine may take; make it simpler");
        }
    }

    private ProblemException TooCostly(int point, string what) => GrammarProblem.In(_program.RuleOf(point), what);

    private static void Mark(ReadOnlySpan<long> items, bool[] needed)
    {
        foreach (var item in items)
        {
            needed[NodeOf(item)] = true;
        }
    }

    private static long[] Renamed(ReadOnlySpan<long> items, int[] renamed)
    {
        var copy = items.ToArray();
        foreach (ref var item in copy.AsSpan())
        {
            item = Item(PointOf(item), renamed[NodeOf(item)]);
        }

        return copy;
    }

    private static long Item(int point, int node) => (long)point << 32 | (uint)node;

    private static int PointOf(long item) => (int)(item >> 32);

    private static int NodeOf(long item) => (int)item;
}
