using RadLine;

namespace HybridConversations.Cli.Terminal.Editing;

/// <summary>
/// Asks for a message in a terminal: RadLine, with the keys that shells have, bracketed paste, several lines, whole characters and a history that outlives the session.
/// Where the terminal knows no cursor it reads plain lines.
/// </summary>
internal sealed class MessageEditor : IDisposable
{
    private const string PasteOn = "\e[?2004h";
    private const string PasteOff = "\e[?2004l";
    private readonly TypedHistory _history;
    private readonly LinePrompt _prompt = new();
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly KeyReader? _keys;
    private readonly LineEditor? _editor;
    private bool _leaves;

    public MessageEditor(TypedHistory history)
    {
        _history = history;
        if (Terminals.IsPlain)
        {
            return;
        }

        _keys = new KeyReader();
        _editor = new LineEditor(Terminals.Over(new CellWriter(Console.Out)), _keys) { MultiLine = true, Prompt = _prompt };
        Bind(_editor.KeyBindings);
        foreach (var entry in history.Read())
        {
            _editor.History.Add(entry);
        }
    }

    /// <summary>The next message.</summary>
    public async Task<TypedLine> Read(CancellationToken cancellationToken)
    {
        if (_editor is null)
        {
            return await ReadPlain();
        }

        _leaves = false;
        Console.Out.Write(PasteOn);
        try
        {
            var text = await _editor.ReadLine(cancellationToken);
            return text is not null ? new TypedLine(text.ReplaceLineEndings("\n"), false) : _leaves ? TypedLine.Left : TypedLine.Cleared;
        }
        finally
        {
            Console.Out.Write(PasteOff);
        }
    }

    /// <summary>Keeps a message for later sessions.</summary>
    public void Remember(string text) => _history.Add(text);

    /// <summary>Any thread: Ctrl-C while a message is asked for. One that has begun is given up, else the person leaves.</summary>
    public void Interrupt()
    {
        _left.TrySetResult();
        _keys?.Press(KeyReader.Interrupt);
    }

    public void Dispose() => Console.Out.Flush();

    /// <summary>The terminal has no line that can be given up, so a reader that is left behind ends with the process.</summary>
    private async Task<TypedLine> ReadPlain()
    {
        Console.Out.Write("you> ");
        var line = Task.Run(Console.ReadLine);
        await Task.WhenAny(line, _left.Task);
        if (_left.Task.IsCompleted || await line is not { } text)
        {
            Console.Out.WriteLine();
            return TypedLine.Left;
        }

        return new TypedLine(text, false);
    }

    private void Bind(KeyBindings keys)
    {
        Put(ConsoleKey.Backspace, null, EditorCommands.Backspace);
        Put(ConsoleKey.Delete, null, EditorCommands.Delete);
        Put(ConsoleKey.UpArrow, null, () => new PreviousHistoryCommand());
        Put(ConsoleKey.DownArrow, null, () => new NextHistoryCommand());
        Put(ConsoleKey.UpArrow, ConsoleModifiers.Control, () => new MoveUpCommand());
        Put(ConsoleKey.DownArrow, ConsoleModifiers.Control, () => new MoveDownCommand());
        Put(ConsoleKey.P, ConsoleModifiers.Control, () => new PreviousHistoryCommand());
        Put(ConsoleKey.N, ConsoleModifiers.Control, () => new NextHistoryCommand());
        Put(ConsoleKey.A, ConsoleModifiers.Control, () => new MoveHomeCommand());
        Put(ConsoleKey.E, ConsoleModifiers.Control, () => new MoveEndCommand());
        Put(ConsoleKey.B, ConsoleModifiers.Control, () => new MoveLeftCommand());
        Put(ConsoleKey.F, ConsoleModifiers.Control, () => new MoveRightCommand());
        Put(ConsoleKey.U, ConsoleModifiers.Control, EditorCommands.KillToStart);
        Put(ConsoleKey.K, ConsoleModifiers.Control, EditorCommands.KillToEnd);
        Put(ConsoleKey.W, ConsoleModifiers.Control, EditorCommands.KillWord);
        Put(ConsoleKey.D, ConsoleModifiers.Control, () => EditorCommands.End(IsEmpty, () => _leaves = true));
        Put(ConsoleKey.F23, null, () => EditorCommands.GiveUp(_ => _leaves = true));
        Put(KeyReader.Interrupt, null, () => EditorCommands.GiveUp(buffer => _leaves = IsEmpty(buffer)));
        keys.Remove(ConsoleKey.Escape);
        keys.Remove(ConsoleKey.Tab);

        void Put(ConsoleKey key, ConsoleModifiers? modifiers, Func<LineEditorCommand> command)
        {
            keys.Remove(key, modifiers);
            if (modifiers is { } held)
            {
                keys.Add(key, held, command);
            }
            else
            {
                keys.Add(key, command);
            }
        }
    }

    private bool IsEmpty(LineBuffer buffer) => buffer.Length == 0 && _prompt.Lines <= 1;
}
