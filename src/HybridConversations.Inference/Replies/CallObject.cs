using System.Text.Json;

namespace HybridConversations.Inference.Replies;

/// <summary>
/// What is known of a JSON object that may not be whole yet: the end of the object, its name and where its arguments are. White space, the order of the members and further
/// members do not matter.
/// </summary>
internal readonly ref struct CallObject
{
    private CallObject(int end, string? name, int argumentsFrom, int argumentsTo) => (End, Name, ArgumentsFrom, ArgumentsTo) = (end, name, argumentsFrom, argumentsTo);

    /// <summary>Behind the object; −1 while it is not whole.</summary>
    public int End { get; }

    /// <summary>Null while it is not known.</summary>
    public string? Name { get; }

    /// <summary>Where the arguments begin; −1 while they have not.</summary>
    public int ArgumentsFrom { get; }

    /// <summary>Where what has come of them ends.</summary>
    public int ArgumentsTo { get; }

    /// <param name="text">Begins with the object.</param>
    public static CallObject Read(string text)
    {
        var (depth, inString, from, at) = (0, false, -1, 0);
        string? key = null;
        string? name = null;
        var (argumentsFrom, argumentsTo) = (-1, -1);
        for (; at < text.Length; at++)
        {
            var character = text[at];
            if (inString)
            {
                at += character == '\\' ? 1 : 0;
                inString = character != '"';
            }
            else if (character == '"')
            {
                inString = true;
            }
            else if (depth == 1 && character == ':')
            {
                key = from >= 0 ? Unquoted(text[from..at]) : null;
                from = -1;
                continue;
            }
            else if (character is '{' or '[')
            {
                depth++;
                if (depth == 1)
                {
                    continue;
                }
            }
            else if ((depth == 1 && character == ',') || (character is '}' or ']' && --depth == 0))
            {
                name = key is "name" or "tool_name" && from >= 0 ? Unquoted(text[from..at]) : name;
                (key, from) = (null, -1);
                if (depth == 0)
                {
                    return new CallObject(at + 1, name, argumentsFrom, argumentsTo);
                }

                continue;
            }

            if (depth >= 1 && (from >= 0 || !char.IsWhiteSpace(character)))
            {
                from = from < 0 ? at : from;
                if (key is "arguments" or "parameters" && !(depth == 1 && char.IsWhiteSpace(character)))
                {
                    argumentsFrom = from;
                    argumentsTo = Math.Min(at + 1, text.Length);
                }
            }
        }

        return new CallObject(-1, name, argumentsFrom, argumentsTo);
    }

    /// <summary>The end of a JSON object with which a text begins; −1 while it is not whole.</summary>
    public static int EndOf(string text)
    {
        var (depth, inString) = (0, false);
        for (var at = 0; at < text.Length; at++)
        {
            var character = text[at];
            if (inString)
            {
                at += character == '\\' ? 1 : 0;
                inString = character != '"';
            }
            else if (character == '"')
            {
                inString = true;
            }
            else
            {
                depth += character is '{' or '[' ? 1 : character is '}' or ']' ? -1 : 0;
                if (depth == 0)
                {
                    return at + 1;
                }
            }
        }

        return -1;
    }

    private static string? Unquoted(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<string>(text.Trim());
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
