using System.Text.Json;
using HybridConversations.Inference.Grammar;

namespace HybridConversations.Inference.Tests.Grammar;

public sealed class JsonSchemaGrammarTests
{
    public static TheoryData<string, string[], string[]> Cases => new()
    {
        { """{"type":"boolean"}""", ["true", "false"], ["null", "1", " true", "true "] },
        { """{"type":"null"}""", ["null"], ["0"] },
        { """{"type":["string","null"]}""", ["null", "\"a\"", "\"\\n\\u00e9é😀\""], ["1", "\"", "\"\n\"", "\"\\ud83d\""] },
        { "{}", ["1", "{}", "[]", "{\"a\":[1,{\"b\":null}]}", "\"x\""], ["", "{", "[1,]"] },
        { "true", ["1"], ["x"] },
        { """{"type":"integer"}""", ["0", "-5", "1234567890123456"], ["01", "1.0", "1e3", "12345678901234567", "+1"] },
        { """{"type":"number"}""", ["0", "-1.5", "3e10", "2.5E-3"], [".5", "1.", "01.5", "1e999"] },
        { """{"const":{"a":[1,"é"]}}""", ["{\"a\":[1,\"é\"]}"], ["{}"] },
        { """{"const":null}""", ["null"], ["0", "\"\""] },
        { """{"enum":["a","b\"c",3,null,true,"😀"]}""", ["\"a\"", "\"b\\\"c\"", "3", "null", "true", "\"😀\""], ["a", "\"b\"", "false"] },
        { """{"type":"string","enum":["a",1]}""", ["\"a\""], ["1"] },
        { """{"type":"array","items":{"type":"integer"}}""", ["[]", "[1]", "[1,2, 3]", "[\n  1,\n  2\n]", "[ ]"], ["[1 ,2]", "[,]", "[1  ]", "[\"a\"]", "[  ]"] },
        { """{"type":"array","items":{"type":"integer"},"minItems":2,"maxItems":3}""", ["[1,2]", "[1,2,3]"], ["[]", "[1]", "[1,2,3,4]"] },
        { """{"type":"array","items":{"type":"integer"},"minItems":1}""", ["[1]", "[1,2,3,4,5]"], ["[]"] },
        { """{"type":"array","items":{"type":"integer"},"maxItems":1}""", ["[1]", "[]"], ["[1,2]"] },
        { """{"type":"array","maxItems":0}""", ["[]"], ["[1]"] },
        { """{"type":"array","prefixItems":[{"type":"integer"},{"type":"boolean"}],"items":false}""", ["[1,true]"], ["[1]", "[1,true,2]", "[true,1]"] },
        { """{"type":"array","prefixItems":[{"type":"integer"}],"items":{"type":"null"},"maxItems":3}""", ["[1]", "[1,null,null]"], ["[]", "[1,null,null,null]"] },
        { """{"type":"string","minLength":2,"maxLength":3}""", ["\"ab\"", "\"日本語\"", "\"\\n\\\"x\""], ["\"a\"", "\"abcd\""] },
        { """{"type":"string","maxLength":0}""", ["\"\""], ["\"a\""] },
        { """{"type":"string","minLength":3}""", ["\"abc\"", "\"abcdefg\""], ["\"ab\""] },
        { """{"type":"string","pattern":"^[A-Z]{2}-\\d+$"}""", ["\"AB-1\"", "\"XY-007\""], ["\"AB-\"", "\"ABC-1\"", "\"aB-1\"", "\"AB-1x\""] },
        { """{"type":"string","pattern":"b+"}""", ["\"b\"", "\"aabbc\"", "\"a\\nb\""], ["\"\"", "\"ac\""] },
        { """{"type":"string","pattern":"^(?:yes|no)?$"}""", ["\"yes\"", "\"no\"", "\"\""], ["\"yesno\"", "\"maybe\""] },
        { """{"type":"string","pattern":"^a$|^b"}""", ["\"a\"", "\"b\"", "\"bcd\""], ["\"ab\"", "\"c\""] },
        { """{"type":"string","pattern":"^[^a\\\\\"-]\\.[\\w.+-]*?$"}""", ["\"x.\"", "\"é.a_+-.\"", "\"\\n.x\""], ["\"a.\"", "\"-.\"", "\"x:\"", "\"\\\".\"", "\"\\\\.\""] },
        { """{"type":"string","pattern":"^\"\\\\\\t\\s\\S.\\x41\\u00e9$"}""", ["\"\\\"\\\\\\t x!Aé\"", "\"\\\"\\\\\\t\\n\\\\!Aé\""], ["\"\"\\\\\\t x!Aé\"", "\"\\\"\\\\\\t  !Aé\""] },
        { """{"type":"string","pattern":"^(ab{2,}){1,2}$"}""", ["\"abb\"", "\"abbbabb\""], ["\"ab\"", "\"abbabbabb\""] },
        { """{"type":"string","format":"date"}""", ["\"2024-02-29\"", "\"2023-12-31\"", "\"2000-02-29\""], ["\"2023-02-29\"", "\"1900-02-29\"", "\"2023-04-31\"", "\"2023-13-01\"", "\"2023-1-1\""] },
        { """{"type":"string","format":"time"}""", ["\"23:59:59Z\"", "\"00:00:00.123+02:00\""], ["\"24:00:00Z\"", "\"12:00Z\"", "\"12:00:60Z\""] },
        { """{"type":"string","format":"date-time"}""", ["\"2024-02-29T12:00:00Z\""], ["\"2024-02-30T12:00:00Z\"", "\"2024-02-29 12:00:00Z\""] },
        { """{"type":"string","format":"uuid"}""", ["\"123e4567-e89b-12d3-a456-426614174000\""], ["\"123e4567e89b12d3a456426614174000\""] },
        { """{"type":"string","format":"ipv4"}""", ["\"255.0.10.249\""], ["\"256.0.0.1\"", "\"01.1.1.1\""] },
        { """{"type":"string","format":"color"}""", ["\"red\""], ["red"] },
        { """{"type":"integer","multipleOf":1}""", ["5"], ["5.5"] },
        { """{"type":"number","multipleOf":0.01}""", ["5", "5.25", "-0.5"], ["5.255", "5e1"] },
        { """{"type":"number","minimum":0,"maximum":1}""", ["0", "0.5", "1", "1.0"], ["-0.1", "1.01", "2", "-0"] },
        { """{"type":"number","exclusiveMinimum":0}""", ["0.001", "1", "7.5"], ["0", "0.0", "-1"] },
        { """{"minimum":5}""", ["5", "10"], ["4", "4.9"] },
        { """{"anyOf":[{"type":"integer"},{"type":"string"}]}""", ["1", "\"a\""], ["null"] },
        { """{"oneOf":[{"const":1},{"const":2}]}""", ["1", "2"], ["3"] },
        { """{"type":"string","nullable":true}""", ["null", "\"a\""], ["1"] },
        { """{"enum":["a"],"nullable":true}""", ["null", "\"a\""], ["1"] },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Accepts_what_the_schema_allows_and_nothing_else(string schema, string[] yes, string[] no)
    {
        var matcher = new GbnfMatcher(JsonSchemaGrammar.FromSchema(schema));
        Assert.All(yes, t => Assert.True(matcher.Accepts(t), t));
        Assert.All(no, t => Assert.False(matcher.Accepts(t), t));
    }

    [Fact]
    public void Any_object_takes_objects_only()
    {
        var matcher = new GbnfMatcher(JsonSchemaGrammar.AnyObject);
        Assert.True(matcher.Accepts("{}"));
        Assert.True(matcher.Accepts("{\"a\": 1, \"b\": [true, {\"c\": \"x\"}]}"));
        Assert.True(matcher.Accepts("{\n  \"a\": 1\n}"));
        Assert.False(matcher.Accepts("[]"));
        Assert.False(matcher.Accepts("{\"a\":1} "));
        Assert.False(matcher.Accepts("{\n\n\"a\":1}"));
    }

    [Fact]
    public void What_the_grammar_makes_is_json()
    {
        var matcher = new GbnfMatcher(JsonSchemaGrammar.AnyObject);
        var random = new Random(7);
        for (var i = 0; i < 500; i++)
        {
            using var document = JsonDocument.Parse(matcher.Generate(random));
            Assert.Equal(JsonValueKind.Object, document.RootElement.ValueKind);
            Touch(document.RootElement);
        }
    }

    [Theory]
    [InlineData("date")]
    [InlineData("date-time")]
    [InlineData("time")]
    [InlineData("uuid")]
    [InlineData("ipv4")]
    [InlineData("ipv6")]
    [InlineData("email")]
    [InlineData("duration")]
    [InlineData("hostname")]
    public void What_a_format_makes_is_read_by_its_type(string format)
    {
        var matcher = new GbnfMatcher(JsonSchemaGrammar.FromSchema($$"""{"type":"string","format":"{{format}}"}"""));
        var random = new Random(11);
        for (var i = 0; i < 2000; i++)
        {
            var text = JsonSerializer.Deserialize<string>(matcher.Generate(random))!;
            Assert.True(
                format switch
                {
                    "date" => DateOnly.TryParseExact(text, "yyyy-MM-dd", out _),
                    "date-time" => DateTimeOffset.TryParse(text, out _),
                    "time" => DateTimeOffset.TryParse("2024-01-02T" + text, out _),
                    "uuid" => Guid.TryParseExact(text, "D", out _),
                    "email" => System.Net.Mail.MailAddress.TryCreate(text, out _),
                    "duration" => TryDuration(text),
                    "hostname" => Uri.CheckHostName(text) is UriHostNameType.Dns or UriHostNameType.IPv4,
                    _ => System.Net.IPAddress.TryParse(text, out _),
                },
                text);
        }
    }

    [Fact]
    public void Long_lengths_are_exact()
    {
        var matcher = new GbnfMatcher(JsonSchemaGrammar.FromSchema("""{"type":"string","minLength":250,"maxLength":520}"""));
        foreach (var (length, allowed) in new[] { (249, false), (250, true), (251, true), (399, true), (450, true), (520, true), (521, false) })
        {
            Assert.Equal(allowed, matcher.Accepts($"\"{new string('a', length)}\""));
        }

        Assert.True(new GbnfMatcher(JsonSchemaGrammar.FromSchema("""{"type":"string","maxLength":10000}""")).Rules < 250);
        matcher = new GbnfMatcher(JsonSchemaGrammar.FromSchema("""{"type":"array","minItems":300,"maxItems":300,"items":{"type":"integer"}}"""));
        Assert.True(matcher.Accepts($"[{string.Join(',', Enumerable.Repeat(1, 300))}]"));
        Assert.False(matcher.Accepts($"[{string.Join(',', Enumerable.Repeat(1, 299))}]"));
    }

    private static bool TryDuration(string text)
    {
        // XmlConvert knows no weeks.
        try
        {
            System.Xml.XmlConvert.ToTimeSpan(text.Replace('W', 'D'));
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static void Touch(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in element.EnumerateObject())
                {
                    Assert.NotNull(member.Name);
                    Touch(member.Value);
                }

                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                {
                    Touch(item);
                }

                break;
            case JsonValueKind.String:
                Assert.NotNull(element.GetString());
                break;
            case JsonValueKind.Number:
                Assert.True(double.IsFinite(element.GetDouble()));
                break;
        }
    }
}
