using System.Text;

namespace HybridConversations.Cli.Terminal;

/// <summary>Reads lines of bounded length: of a longer one the rest is passed over.</summary>
internal sealed class LineReader(TextReader input, int maxLength)
{
    private readonly char[] _buffer = new char[4096];
    private int _position;
    private int _length;

    /// <summary>True when the last line was longer than allowed.</summary>
    public bool Shortened { get; private set; }

    /// <summary>The next line without its end; null after the last.</summary>
    public async ValueTask<string?> Next(CancellationToken cancellationToken)
    {
        var line = new StringBuilder();
        Shortened = false;
        var any = false;
        while (true)
        {
            if (_position == _length)
            {
                (_position, _length) = (0, await input.ReadAsync(_buffer, cancellationToken));
                if (_length == 0)
                {
                    return any ? line.ToString() : null;
                }
            }

            any = true;
            var rest = _buffer.AsSpan(_position, _length - _position);
            var end = rest.IndexOf('\n');
            Append(line, end < 0 ? rest : rest[..end]);
            _position += end < 0 ? rest.Length : end + 1;
            if (end >= 0)
            {
                return line is [.., '\r'] ? line.ToString(0, line.Length - 1) : line.ToString();
            }
        }
    }

    private void Append(StringBuilder line, ReadOnlySpan<char> text)
    {
        var room = maxLength - line.Length;
        Shortened |= text.Length > room;
        line.Append(text.Length > room ? text[..room] : text);
    }
}
