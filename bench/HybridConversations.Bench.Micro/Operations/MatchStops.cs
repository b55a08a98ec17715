using HybridConversations.Inference.Text;

namespace HybridConversations.Bench.Micro.Operations;

/// <summary>Sixty pieces of a reply past three stop strings that almost begin now and then.</summary>
internal sealed class MatchStops : IMicroOperation
{
    private readonly StopMatcher _matcher = new(["\nUser:", "<|im_end|>", "The end."]);
    private readonly byte[][] _pieces = [.. Enumerable.Range(0, 60).Select(i => i % 9 == 0 ? "\nUs"u8.ToArray() : " and then"u8.ToArray())];

    public string Name => "stop-matcher";

    public void Run()
    {
        foreach (var piece in _pieces)
        {
            if (_matcher.Push(piece).Stopped)
            {
                throw new InvalidOperationException("It must not stop.");
            }
        }
    }

    public void Dispose()
    {
    }
}
