namespace HybridConversations.Inference.LlamaCpp;

/// <summary>
/// Keeps what layers with a sliding window have computed. llama.cpp takes a cell from a sequence once its window has passed, where no other sequence holds it, and says nothing: later the
/// sequence could not be rewound, shared or saved. So each sequence has a second one that holds the same cells. It costs what keys and values of all layers cost without a window.
/// </summary>
/// <param name="calls">Whose memory it is.</param>
/// <param name="sequences">Sequences there are; the second ones follow them.</param>
internal sealed class WindowKeeper(LlamaCalls calls, int sequences)
{
    /// <summary>A batch was computed.</summary>
    public void Keep(ReadOnlySpan<int> rows, ReadOnlySpan<int> positions)
    {
        for (var from = 0; from < rows.Length;)
        {
            var to = from + 1;
            while (to < rows.Length && rows[to] == rows[from])
            {
                to++;
            }

            calls.Copy(rows[from], Second(rows[from]), positions[from], positions[to - 1] + 1);
            from = to;
        }
    }

    public void Keep(int sequence, int start, int end) => calls.Copy(sequence, Second(sequence), start, end);

    public void LetGo(int sequence, int start, int end) => calls.Remove(Second(sequence), start, end);

    private int Second(int sequence) => sequence + sequences;
}
