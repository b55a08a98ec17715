using System.Text;
using HybridConversations.Inference.Grammar;

namespace HybridConversations.Inference.Tests.Grammar;

/// <summary>Reads texts with a grammar's states.</summary>
internal sealed class GrammarRun
{
    private readonly GrammarStates _states;
    private readonly GrammarWork _work;

    public GrammarRun(string gbnf, int work = int.MaxValue)
    {
        Program = GrammarCompiler.Compile(gbnf);
        _work = new GrammarWork(work, 0, work);
        _states = new GrammarStates(Program, _work);
    }

    public GrammarProgram Program { get; }
    public long Work => _work.Spent;
    public int States => _states.Count;

    public bool Accepts(string text) => Read(Encoding.UTF8.GetBytes(text)) is var state and >= 0 && _states.Accepts(state);

    public bool Begins(byte[] text) => Read(text) >= 0;

    /// <summary>Can nothing but the end follow?</summary>
    public bool Ends(string text) => Read(Encoding.UTF8.GetBytes(text)) is var state and >= 0 && _states.IsEnd(state);

    /// <summary>A text made by going where the grammar can, whole where it comes to an end.</summary>
    public string Walk(Random random, int most)
    {
        var text = "";
        var state = _states.Start;
        for (var i = 0; i < most; i++)
        {
            if (_states.Accepts(state) && random.Next(4) == 0)
            {
                break;
            }

            var ways = new[] { "a", "b", "c", "é", "日" }.Select(c => (Text: c, State: Read(Encoding.UTF8.GetBytes(c), state))).Where(w => w.State >= 0).ToArray();
            if (ways.Length == 0)
            {
                break;
            }

            var way = ways[random.Next(ways.Length)];
            (text, state) = (text + way.Text, way.State);
        }

        return text;
    }

    private int Read(byte[] text) => Read(text, _states.Start);

    private int Read(byte[] text, int state)
    {
        foreach (var value in text)
        {
            state = state < 0 ? state : _states.Next(state, value);
        }

        return state;
    }
}
