using HybridConversations.Inference.Grammar;

namespace HybridConversations.Inference.Tests.Grammar;

public sealed class JsonSchemaObjectTests
{
    private const string Mixed = """
        {"type":"object","properties":{"a":{"type":"integer"},"b":{"type":"integer"},"c":{"type":"integer"},"d":{"type":"integer"}},"required":["c"]}
        """;

    [Fact]
    public void Every_choice_of_optional_properties_comes_in_order()
    {
        var matcher = Matcher(Mixed);
        for (var chosen = 0; chosen < 16; chosen++)
        {
            var names = "abcd".Where((_, i) => (chosen & (1 << i)) != 0);
            var text = $"{{{string.Join(", ", names.Select(n => $"\"{n}\": 1"))}}}";
            Assert.Equal((chosen & 4) != 0, matcher.Accepts(text));
        }

        Assert.False(matcher.Accepts("{\"c\":1,\"a\":1}"));
        Assert.False(matcher.Accepts("{\"c\":1,\"x\":1}"));
        Assert.False(matcher.Accepts("{\"c\":1,}"));
        Assert.False(matcher.Accepts("{,\"c\":1}"));
        Assert.False(matcher.Accepts("{\"c\":1,\"c\":1}"));
    }

    [Fact]
    public void All_optional_may_be_empty()
    {
        var matcher = Matcher("""{"properties":{"a":{"type":"integer"},"b":{"type":"integer"}}}""");
        foreach (var text in new[] { "{}", "{ }", "{\"a\":1}", "{\"b\":1}", "{\"a\":1,\"b\":2}" })
        {
            Assert.True(matcher.Accepts(text), text);
        }

        Assert.False(matcher.Accepts("{\"b\":2,\"a\":1}"));
    }

    [Fact]
    public void Many_optional_properties_need_a_grammar_in_proportion()
    {
        static string Grammar(int count) => JsonSchemaGrammar.FromSchema($"{{\"properties\":{{{string.Join(',', Enumerable.Range(100, count).Select(i => $"\"p{i}\":true"))}}}}}");
        Assert.InRange(Grammar(400).Length, 0, Grammar(100).Length * 5);
        Assert.True(new GbnfMatcher(Grammar(100)).Accepts("{\"p100\":1,\"p150\":2,\"p199\":3}"));
    }

    [Fact]
    public void Others_come_last_and_under_other_names()
    {
        var matcher = Matcher("""{"type":"object","properties":{"ab":{"type":"integer"},"abc":{"type":"integer"},"é":true},"required":["ab"],"additionalProperties":{"type":"boolean"}}""");
        foreach (var text in new[] { "{\"ab\":1}", "{\"ab\":1,\"abc\":2,\"x\":true}", "{\"ab\":1,\"abd\":true,\"a\":false,\"\":true}", "{\"ab\":1,\"abcd\":true,\"éé\":true}" })
        {
            Assert.True(matcher.Accepts(text), text);
        }

        foreach (var text in new[] { "{\"x\":true,\"ab\":1}", "{\"ab\":1,\"ab\":true}", "{\"ab\":1,\"abc\":true}", "{\"ab\":1,\"é\":true,\"é\":true}", "{\"ab\":1,\"x\":1}" })
        {
            Assert.False(matcher.Accepts(text), text);
        }
    }

    [Fact]
    public void A_map_has_its_number_of_members()
    {
        var matcher = Matcher("""{"type":"object","additionalProperties":{"type":"integer"},"minProperties":1,"maxProperties":2}""");
        Assert.True(matcher.Accepts("{\"a\":1}"));
        Assert.True(matcher.Accepts("{\"a\":1,\"b\":2}"));
        Assert.False(matcher.Accepts("{}"));
        Assert.False(matcher.Accepts("{\"a\":1,\"b\":2,\"c\":3}"));
        Assert.True(Matcher("""{"type":"object"}""").Accepts("{\"any\":[1]}"));
        Assert.False(Matcher("""{"type":"object","additionalProperties":false}""").Accepts("{\"any\":1}"));
        Assert.False(Matcher("""{"type":"object","properties":{}}""").Accepts("{\"any\":1}"));
    }

    [Fact]
    public void Names_are_escaped_as_json_and_gbnf()
    {
        var matcher = Matcher("""{"properties":{"a\"\\b ]":{"const":1},"größe/~":{"const":2}},"required":["a\"\\b ]","größe/~"]}""");
        Assert.True(matcher.Accepts("{\"a\\\"\\\\b ]\":1,\"größe/~\":2}"));
    }

    [Fact]
    public void Definitions_may_be_recursive()
    {
        var matcher = Matcher("""
            {"$ref":"#/$defs/node","$defs":{"node":{"type":"object","properties":{"v":{"type":"integer"},"next":{"anyOf":[{"$ref":"#/$defs/node"},{"type":"null"}]},
            "kids":{"type":"array","items":{"$ref":"#"}}},"required":["v","next"]}}}
            """);
        Assert.True(matcher.Accepts("{\"v\":1,\"next\":{\"v\":2,\"next\":null},\"kids\":[{\"v\":3,\"next\":null,\"kids\":[]}]}"));
        Assert.False(matcher.Accepts("{\"v\":1,\"next\":{\"v\":2}}"));
    }

    [Fact]
    public void AllOf_joins_and_a_closed_part_closes()
    {
        var matcher = Matcher("""
            {"allOf":[{"$ref":"#/$defs/base"},{"properties":{"b":{"type":"string"},"a":{"maximum":5}},"required":["b"]}],"description":"both",
             "$defs":{"base":{"type":"object","properties":{"a":{"type":"integer","minimum":3}},"required":["a"]}}}
            """);
        Assert.True(matcher.Accepts("{\"a\":4,\"b\":\"x\"}"));
        Assert.False(matcher.Accepts("{\"a\":6,\"b\":\"x\"}"));
        Assert.False(matcher.Accepts("{\"a\":2,\"b\":\"x\"}"));
        Assert.False(matcher.Accepts("{\"a\":4}"));

        matcher = Matcher("""{"allOf":[{"properties":{"a":true},"additionalProperties":false},{"properties":{"a":{"type":"null"},"b":{"type":"string"}}}]}""");
        Assert.True(matcher.Accepts("{\"a\":null}"));
        Assert.False(matcher.Accepts("{\"a\":null,\"b\":\"x\"}"));
        Assert.False(matcher.Accepts("{\"a\":1}"));
    }

    [Fact]
    public void AnyOf_beside_properties_joins_each_branch()
    {
        var matcher = Matcher("""
            {"type":"object","properties":{"kind":{"type":"string"},"n":{"type":"integer"}},"anyOf":[{"required":["kind"]},{"required":["n"],"properties":{"n":{"minimum":10}}}]}
            """);
        Assert.True(matcher.Accepts("{\"kind\":\"x\"}"));
        Assert.True(matcher.Accepts("{\"n\":10}"));
        Assert.False(matcher.Accepts("{\"n\":9}"));
        Assert.False(matcher.Accepts("{}"));
    }

    [Fact]
    public void A_tool_call_of_the_usual_kind_works()
    {
        var matcher = Matcher("""
            {"type":"object","title":"book_table","additionalProperties":false,"required":["people","time","seating"],"properties":{
              "people":{"type":"integer","minimum":1,"maximum":12,"description":"How many"},
              "time":{"type":"string","format":"date-time"},
              "seating":{"type":"string","enum":["inside","outside","any"],"default":"any"},
              "notes":{"anyOf":[{"type":"string","maxLength":200},{"type":"null"}],"x-hint":"free"}}}
            """);
        Assert.True(matcher.Accepts("{\n  \"people\": 12,\n  \"time\": \"2025-06-01T19:30:00Z\",\n  \"seating\": \"any\",\n  \"notes\": null\n}"));
        Assert.True(matcher.Accepts("{\"people\":1,\"time\":\"2025-06-01T19:30:00+02:00\",\"seating\":\"inside\"}"));
        Assert.False(matcher.Accepts("{\"people\":13,\"time\":\"2025-06-01T19:30:00Z\",\"seating\":\"any\"}"));
        Assert.False(matcher.Accepts("{\"people\":1,\"time\":\"tomorrow\",\"seating\":\"any\"}"));
    }

    private static GbnfMatcher Matcher(string schema) => new(JsonSchemaGrammar.FromSchema(schema));
}
