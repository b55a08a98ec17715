using RadLine;
using Spectre.Console;

namespace HybridConversations.Cli.Terminal.Editing;

/// <summary>What stands before a line, and before those that follow it in the same message.</summary>
internal sealed class LinePrompt : ILineEditorPrompt
{
    /// <summary>Lines of the message, as last drawn.</summary>
    public int Lines { get; private set; } = 1;

    public (Markup Markup, int Margin) GetPrompt(ILineEditorState state, int line)
    {
        Lines = state.LineCount;
        return (new Markup(line == 0 ? "[bold]you>[/]" : "[bold] ..>[/]"), 1);
    }
}
