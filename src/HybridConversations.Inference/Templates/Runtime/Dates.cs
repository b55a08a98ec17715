using System.Globalization;
using System.Text;

namespace HybridConversations.Inference.Templates.Runtime;

/// <summary>Dates by the marks of <c>strftime</c>, in English.</summary>
internal static class Dates
{
    public static string Format(string format, DateTimeOffset time)
    {
        var text = new StringBuilder(format.Length + 16);
        for (var at = 0; at < format.Length; at++)
        {
            if (format[at] == '%' && at + 1 < format.Length && Mark(format[at + 1], time) is { } written)
            {
                text.Append(written);
                at++;
            }
            else
            {
                text.Append(format[at]);
            }
        }

        return text.ToString();
    }

    /// <summary>Null for a mark that is not known, which stays as it is.</summary>
    private static string? Mark(char mark, DateTimeOffset time) => mark switch
    {
        'Y' => time.Year.ToString(CultureInfo.InvariantCulture),
        'm' => Part("MM", time),
        'd' => Part("dd", time),
        'b' => Part("MMM", time),
        'B' => Part("MMMM", time),
        'H' => Part("HH", time),
        'M' => Part("mm", time),
        '%' => "%",
        _ => null,
    };

    private static string Part(string format, DateTimeOffset time) => time.ToString(format, CultureInfo.InvariantCulture);
}
