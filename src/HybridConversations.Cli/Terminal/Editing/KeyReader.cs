using System.Collections.Concurrent;
using RadLine;

namespace HybridConversations.Cli.Terminal.Editing;

/// <summary>
/// Keys of the terminal, read on a thread of their own: what is typed while a reply comes waits for the next line. Takes a paste apart (bracketed paste: its line breaks are
/// line breaks of the message, and end nothing) and passes over sequences that nobody knows.
/// </summary>
internal sealed class KeyReader : IInputSource
{
    /// <summary>Stands for Ctrl-C, which the terminal tells as a signal.</summary>
    public const ConsoleKey Interrupt = ConsoleKey.F24;

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);
    private static readonly ConsoleKeyInfo NewLine = new('\0', ConsoleKey.Enter, shift: true, alt: false, control: false);
    private readonly BlockingCollection<ConsoleKeyInfo> _keys = [];
    private bool _pasting;
    private bool _hasJustRead;
    private ConsoleKeyInfo? _next;

    public KeyReader() => new Thread(Run) { IsBackground = true, Name = "keys" }.Start();

    /// <summary>The library need not guess what is a paste.</summary>
    public bool ByPassProcessing => true;

    /// <summary>Waits a little for a key, so that whoever asks in a loop costs nothing; not when it asks whether more came together with the last one.</summary>
    public bool IsKeyAvailable()
    {
        var wait = _hasJustRead ? TimeSpan.Zero : Patience;
        _hasJustRead = false;
        if (_next is null && _keys.TryTake(out var key, wait))
        {
            _next = key;
        }

        return _next is not null;
    }

    public ConsoleKeyInfo ReadKey()
    {
        var key = _next ?? _keys.Take();
        (_next, _hasJustRead) = (null, true);
        return key;
    }

    /// <summary>Any thread: a key that was not typed.</summary>
    public void Press(ConsoleKey key) => _keys.Add(new ConsoleKeyInfo('\0', key, shift: false, alt: false, control: false));

    private void Run()
    {
        try
        {
            while (true)
            {
                Take(Console.ReadKey(intercept: true));
            }
        }
        catch (Exception error) when (error is InvalidOperationException or IOException)
        {
            Press(ConsoleKey.F23); // the terminal is gone
        }
    }

    private void Take(ConsoleKeyInfo key)
    {
        if (key.Key == ConsoleKey.Escape && Console.KeyAvailable)
        {
            TakeSequence();
        }
        else if (key.KeyChar is '\r' or '\n' || key.Key == ConsoleKey.Enter)
        {
            _keys.Add(_pasting || key.KeyChar == '\n' || key.Modifiers != ConsoleModifiers.None ? NewLine : key);
        }
        else if (!_pasting)
        {
            _keys.Add(key);
        }
        else if (key.KeyChar == '\t' || !char.IsControl(key.KeyChar))
        {
            _keys.Add(key.KeyChar == '\t' ? new ConsoleKeyInfo(' ', ConsoleKey.Spacebar, shift: false, alt: false, control: false) : key);
        }
    }

    /// <summary>What begins with Escape and came in one piece.</summary>
    private void TakeSequence()
    {
        var first = Console.ReadKey(intercept: true);
        if (first.KeyChar != '[')
        {
            // Alt and a key: a line break with Enter, the key itself else.
            _keys.Add(first.Key == ConsoleKey.Enter || first.KeyChar is '\r' or '\n' ? NewLine : first);
            return;
        }

        var sequence = "";
        while (Console.KeyAvailable && sequence.Length < 16)
        {
            var part = Console.ReadKey(intercept: true).KeyChar;
            if (part is >= '@' and <= '~')
            {
                _pasting = (sequence + part) switch
                {
                    "200~" => true,
                    "201~" => false,
                    _ => _pasting,
                };
                return;
            }

            sequence += part;
        }
    }
}
