using System.Globalization;
using RadLine;

namespace HybridConversations.Cli.Terminal.Editing;

/// <summary>Changes of the line as shells have them.</summary>
internal static class EditorCommands
{
    /// <summary>Removes the character before the cursor, whole, whatever it is made of.</summary>
    public static LineEditorCommand Backspace() => new Edit(buffer => Remove(buffer, Before(buffer.Content, buffer.Position), buffer.Position));

    /// <summary>Removes the character under the cursor.</summary>
    public static LineEditorCommand Delete() => new Edit(buffer => Remove(buffer, buffer.Position, After(buffer.Content, buffer.Position)));

    /// <summary>Removes everything before the cursor.</summary>
    public static LineEditorCommand KillToStart() => new Edit(buffer => Remove(buffer, 0, buffer.Position));

    /// <summary>Removes everything from the cursor on.</summary>
    public static LineEditorCommand KillToEnd() => new Edit(buffer => Remove(buffer, buffer.Position, buffer.Length));

    /// <summary>Removes the word before the cursor and the blanks behind it.</summary>
    public static LineEditorCommand KillWord() => new Edit(buffer =>
    {
        var from = buffer.Position;
        while (from > 0 && char.IsWhiteSpace(buffer.Content[from - 1]))
        {
            from--;
        }

        while (from > 0 && !char.IsWhiteSpace(buffer.Content[from - 1]))
        {
            from--;
        }

        Remove(buffer, from, buffer.Position);
    });

    /// <summary>Gives the line up, and says with what.</summary>
    public static LineEditorCommand GiveUp(Action<LineBuffer> tell) => new Leave(tell);

    /// <summary>Leaves where nothing is typed, else as <see cref="Delete"/>.</summary>
    public static LineEditorCommand End(Func<LineBuffer, bool> isEmpty, Action leave) => new DeleteOrLeave(isEmpty, leave);

    /// <summary>Where the character begins that ends at a place.</summary>
    internal static int Before(string text, int position) =>
        StringInfo.ParseCombiningCharacters(text).LastOrDefault(start => start < position);

    /// <summary>Where the character ends that begins at a place.</summary>
    internal static int After(string text, int position) =>
        position >= text.Length ? position : position + StringInfo.GetNextTextElementLength(text, position);

    private static void Remove(LineBuffer buffer, int from, int to)
    {
        if (to > from)
        {
            buffer.Clear(from, to - from);
            buffer.Move(from);
        }
    }

    private sealed class Edit(Action<LineBuffer> change) : LineEditorCommand
    {
        public override void Execute(LineEditorContext context) => change(context.Buffer);
    }

    private sealed class Leave(Action<LineBuffer> tell) : LineEditorCommand
    {
        public override void Execute(LineEditorContext context)
        {
            tell(context.Buffer);
            context.Submit(SubmitAction.Cancel);
        }
    }

    private sealed class DeleteOrLeave(Func<LineBuffer, bool> isEmpty, Action leave) : LineEditorCommand
    {
        public override void Execute(LineEditorContext context)
        {
            if (isEmpty(context.Buffer))
            {
                leave();
                context.Submit(SubmitAction.Cancel);
            }
            else
            {
                Remove(context.Buffer, context.Buffer.Position, After(context.Buffer.Content, context.Buffer.Position));
            }
        }
    }
}
