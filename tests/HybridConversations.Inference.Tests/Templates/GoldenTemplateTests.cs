using System.Text.Json;
using HybridConversations.Inference.Templates;

namespace HybridConversations.Inference.Tests.Templates;

/// <summary>Against what <c>@huggingface/jinja</c> wrote once (oracle/record.mjs): byte for byte, without npm.</summary>
public sealed class GoldenTemplateTests
{
    public static TheoryData<string> Families => [.. TemplateCases.Families];

    [Theory]
    [MemberData(nameof(Families))]
    public void Every_conversation_is_written_as_the_oracle_writes_it(string family)
    {
        var source = TemplateCases.Source(family);
        foreach (var expected in TemplateCases.Read($"golden/{family}.json").EnumerateObject())
        {
            Compare(expected.Name, expected.Value, TemplateCases.Try(source, TemplateCases.Conversations[expected.Name]), source);
        }
    }

    [Fact]
    public void Every_snippet_gives_what_the_oracle_gives()
    {
        var context = TemplateCases.Read("snippets.json").GetProperty("context");
        var beyond = TemplateCases.Read("beyond.json");
        var wrong = new List<string>();
        foreach (var expected in TemplateCases.Read("golden/snippets.json").EnumerateObject())
        {
            var written = TemplateCases.Try(expected.Name, context);
            var wanted = expected.Value.TryGetProperty("text", out var text) ? text.GetString()
                : beyond.TryGetProperty(expected.Name, out var more) ? more.GetString()
                : null;
            if (wanted is null ? !IsFault(written) : written != wanted)
            {
                wrong.Add($"{expected.Name} gives '{written}', not {expected.Value}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    private static bool IsFault(string written) => Enum.GetNames<TemplateFault>().Any(fault => written.StartsWith($"<{fault}: ", StringComparison.Ordinal));

    private static void Compare(string name, JsonElement expected, string written, string source)
    {
        if (expected.TryGetProperty("text", out var text))
        {
            Assert.True(text.GetString() == written, $"{name}:\n{written}\n--- but the oracle writes ---\n{text}");
        }
        else if (expected.GetProperty("error").GetString() is { Length: > 0 } error && source.Contains($"({Quoted(error, '\'')})") | source.Contains($"({Quoted(error, '"')})"))
        {
            Assert.Equal($"<Refused: {error}>", written);
        }
    }

    private static string Quoted(string text, char quote) => quote + text + quote;
}
