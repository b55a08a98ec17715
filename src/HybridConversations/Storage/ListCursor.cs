using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace HybridConversations.Storage;

/// <summary>Where a page of the list ended: the key of its last line. Opaque to callers.</summary>
/// <param name="UpdatedAt">Unix milliseconds.</param>
/// <param name="Id">Conversation id.</param>
public readonly record struct ListCursor(long UpdatedAt, string Id)
{
    /// <summary>Before the first line.</summary>
    public static ListCursor Start { get; } = new(long.MaxValue, "");

    /// <summary>Behind this line.</summary>
    public static ListCursor After(ConversationSummary last) => new(last.UpdatedAt.ToUnixTimeMilliseconds(), last.Id);

    /// <summary>What <see cref="ToString"/> gave; the start where there is none.</summary>
    /// <exception cref="ProblemException"><c>invalid-request</c>: not a cursor that a list gave out.</exception>
    public static ListCursor Parse(string? cursor)
    {
        if (cursor is null)
        {
            return Start;
        }

        try
        {
            var text = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor));
            var colon = text.IndexOf(':');
            if (colon > 0 && long.TryParse(text.AsSpan(0, colon), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var updatedAt))
            {
                return new ListCursor(updatedAt, text[(colon + 1)..]);
            }
        }
        catch (FormatException)
        {
            // Told below.
        }

        throw new ProblemException(ProblemCodes.InvalidRequest("The cursor is not one that a list has given out. Begin again without a cursor."));
    }

    /// <inheritdoc/>
    public override string ToString() => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{UpdatedAt}:{Id}")));
}
