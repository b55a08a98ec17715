using System.Globalization;
using System.Text.Json;
using HybridConversations.Http.Problems;

namespace HybridConversations.Http.Requests;

/// <summary>
/// Reads the members of a JSON object one by one and gathers everything that is wrong with them, so that a caller is told all of it in one answer.
/// Names are case-sensitive; <c>null</c> is the same as absent.
/// </summary>
internal sealed class JsonMembers
{
    private readonly JsonElement _object;
    private readonly string _path;
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> _errors;
    private readonly FieldTable? _fields;
    private readonly List<string> _ignored;

    public JsonMembers(JsonElement element, FieldTable? fields = null)
        : this(element, "", [], fields, [])
    {
    }

    private JsonMembers(JsonElement element, string path, Dictionary<string, List<string>> errors, FieldTable? fields, List<string> ignored) =>
        (_object, _path, _errors, _fields, _ignored) = (element, path, errors, fields, ignored);

    /// <summary>Names that nobody asked for.</summary>
    public IEnumerable<string> Unread => _object.EnumerateObject().Select(member => member.Name).Where(name => !_read.Contains(name));

    /// <summary>An object inside this one, whose errors are gathered here under its path.</summary>
    /// <param name="element">The object.</param>
    /// <param name="path">Where it is.</param>
    /// <param name="fields">What becomes of its own members; null where all that is not read is passed over.</param>
    public JsonMembers Inside(JsonElement element, string path, FieldTable? fields = null) => new(element, $"{_path}{path}.", _errors, fields, _ignored);

    public JsonElement? Any(string name)
    {
        if (_fields is not null && _fields.Find(name) is not { Use: FieldUse.Supported })
        {
            throw new InvalidOperationException($"'{name}' is read, and is not among the supported fields of {_fields.Endpoint}.");
        }

        _read.Add(name);
        return _object.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
    }

    /// <summary>Marks members as known although nothing is done with them.</summary>
    public void Ignore(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            _read.Add(name);
        }
    }

    public string? Text(string name, int minLength, int maxLength)
    {
        if (Any(name) is not { } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.String)
        {
            return Wrong<string>(name, $"must be a string, not {Kind(value)}.");
        }

        if (!TryGetText(value, out var text))
        {
            return Wrong<string>(name, "holds half a surrogate pair, which is no text.");
        }

        return text.Length >= minLength && text.Length <= maxLength
            ? text
            : Wrong<string>(name, $"has {text.Length} characters; {minLength} to {maxLength} are allowed.");
    }

    /// <summary>A member that must be there.</summary>
    public string? RequiredText(string name, int minLength, int maxLength, string purpose)
    {
        if (Any(name) is null)
        {
            var misspelt = _object.EnumerateObject().Select(member => member.Name)
                .FirstOrDefault(other => other != name && other.Equals(name, StringComparison.OrdinalIgnoreCase));
            return Wrong<string>(name, misspelt is null ? $"is missing: {purpose}." : $"is missing: {purpose}. There is '{misspelt}', but names are case-sensitive.");
        }

        return Text(name, minLength, maxLength);
    }

    public int? Whole(string name, int min, int max) => (int?)WholeLong(name, min, max);

    public long? WholeLong(string name, long min, long max)
    {
        if (Any(name) is not { } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Number)
        {
            return WrongValue<long>(name, $"must be a whole number from {min} to {max}, not {Kind(value)}.");
        }

        // Some clients write 16 as 16.0.
        if (!value.TryGetInt64(out var whole))
        {
            if (!value.TryGetDouble(out var number) || number != Math.Floor(number) || Math.Abs(number) > 1L << 53)
            {
                return WrongValue<long>(name, $"must be a whole number from {min} to {max}; got {Shown(value)}.");
            }

            whole = (long)number;
        }

        return whole >= min && whole <= max ? whole : WrongValue<long>(name, $"must be {min} to {max}; got {whole}.");
    }

    public double? Number(string name, double min, double max, bool aboveMin = false)
    {
        if (Any(name) is not { } value)
        {
            return null;
        }

        var allowed = string.Create(CultureInfo.InvariantCulture, $"{(aboveMin ? "above " : "")}{min} to {max}");
        if (value.ValueKind != JsonValueKind.Number)
        {
            return WrongValue<double>(name, $"must be a number {allowed}, not {Kind(value)}.");
        }

        return value.TryGetDouble(out var number) && number <= max && (aboveMin ? number > min : number >= min)
            ? number
            : WrongValue<double>(name, $"must be {allowed}; got {Shown(value)}.");
    }

    public bool? Flag(string name) => Any(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        { } value => WrongValue<bool>(name, $"must be true or false, not {Kind(value)}."),
    };

    /// <summary>One of the names of an enumeration, in lower case, with dashes between its words.</summary>
    public T? Choice<T>(string name)
        where T : struct, Enum
    {
        if (Any(name) is not { } value)
        {
            return null;
        }

        foreach (var choice in Enum.GetValues<T>())
        {
            if (value.ValueKind == JsonValueKind.String && value.ValueEquals(Name(choice.ToString())))
            {
                return choice;
            }
        }

        return WrongValue<T>(name, $"must be one of {string.Join(", ", Enum.GetNames<T>().Select(choice => $"\"{Name(choice)}\""))}; got {Shown(value)}.");

        static string Name(string choice) => JsonNamingPolicy.KebabCaseLower.ConvertName(choice);
    }

    /// <summary>A string or an array of strings.</summary>
    public IReadOnlyList<string> TextOrTexts(string name, int maxCount, int maxLength)
    {
        if (Any(name) is not { } value)
        {
            return [];
        }

        if (value.ValueKind == JsonValueKind.String)
        {
            return Text(name, 1, maxLength) is { } single ? [single] : [];
        }

        if (value.ValueKind != JsonValueKind.Array)
        {
            Wrong(name, $"must be a string or an array of strings, not {Kind(value)}.");
            return [];
        }

        if (value.GetArrayLength() > maxCount)
        {
            Wrong(name, $"has {value.GetArrayLength()} strings; at most {maxCount} are allowed.");
            return [];
        }

        var texts = new List<string>();
        foreach (var item in value.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.String || !TryGetText(item, out var text) || text.Length < 1 || text.Length > maxLength)
            {
                Wrong($"{name}[{texts.Count}]", $"must be a string of 1 to {maxLength} characters.");
                return [];
            }

            texts.Add(text);
        }

        return texts;
    }

    /// <summary>An array of whole numbers that must be there.</summary>
    public IReadOnlyList<int> WholeNumbers(string name, int maxCount, int min, int max)
    {
        if (Any(name) is not { ValueKind: JsonValueKind.Array } array || array.GetArrayLength() > maxCount)
        {
            Wrong(name, $"must be an array of at most {maxCount} whole numbers.");
            return [];
        }

        var numbers = new List<int>(array.GetArrayLength());
        foreach (var item in array.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Number || !item.TryGetInt32(out var number) || number < min || number > max)
            {
                Wrong($"{name}[{numbers.Count}]", $"must be a whole number from {min} to {max}.");
                return [];
            }

            numbers.Add(number);
        }

        return numbers;
    }

    public void Wrong(string name, string message)
    {
        if (!_errors.TryGetValue(_path + name, out var messages))
        {
            _errors[_path + name] = messages = [];
        }

        messages.Add(message);
    }

    /// <exception cref="RequestProblemException">Anything was wrong.</exception>
    public void ThrowIfWrong()
    {
        if (_errors.Count > 0)
        {
            throw new RequestProblemException(_errors.ToDictionary(error => error.Key, error => error.Value.ToArray()));
        }
    }

    /// <summary>Refuses what the table refuses, and says in the answer what is passed over.</summary>
    /// <exception cref="RequestProblemException">Anything was wrong.</exception>
    public void Close(UnknownMembers unknown)
    {
        Settle();
        ThrowIfWrong();
        unknown.Note(_fields!.Endpoint, _ignored);
    }

    /// <summary>Looks at what is left of an object inside that has a table of its own.</summary>
    public void Settle()
    {
        foreach (var member in _object.EnumerateObject())
        {
            if (_read.Contains(member.Name) || member.Value.ValueKind == JsonValueKind.Null)
            {
                continue;
            }

            switch (_fields?.Find(member.Name))
            {
                case null:
                    _ignored.Add(_path + member.Name);
                    break;
                case { Use: FieldUse.Refused } group when !group.AsksForNothing(member.Value):
                    Wrong(member.Name, $"is not supported: {group.Note}.");
                    break;
                case { Use: FieldUse.Ignored } group when !group.AsksForNothing(member.Value):
                    _ignored.Add(_path + member.Name);
                    break;
            }
        }
    }

    /// <summary>False for a string with half a surrogate pair (<c>"\ud800"</c>), which JSON allows and UTF-8 does not.</summary>
    public static bool TryGetText(JsonElement value, out string text)
    {
        try
        {
            text = value.GetString() ?? "";
            return true;
        }
        catch (InvalidOperationException)
        {
            text = "";
            return false;
        }
    }

    public static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        _ => value.GetRawText(),
    };

    private static string Shown(JsonElement value)
    {
        var raw = value.GetRawText();
        return raw.Length <= 40 ? raw : string.Concat(raw.AsSpan(0, 40), "…");
    }

    private T? Wrong<T>(string name, string message)
        where T : class
    {
        Wrong(name, message);
        return null;
    }

    private T? WrongValue<T>(string name, string message)
        where T : struct
    {
        Wrong(name, message);
        return null;
    }
}
