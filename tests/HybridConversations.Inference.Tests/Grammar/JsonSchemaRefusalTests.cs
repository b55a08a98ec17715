using System.Text;
using HybridConversations.Inference.Grammar;

namespace HybridConversations.Inference.Tests.Grammar;

public sealed class JsonSchemaRefusalTests
{
    [Theory]
    [InlineData("{", "JSON")]
    [InlineData("3", "#")]
    [InlineData("false", "#")]
    [InlineData("""{"type":"text"}""", "\"text\"")]
    [InlineData("""{"properties":{"a":{"not":{}}}}""", "#/properties/a uses 'not'")]
    [InlineData("""{"type":"array","items":{"if":{}}}""", "#/items uses 'if'")]
    [InlineData("""{"type":"array","uniqueItems":true}""", "uniqueItems")]
    [InlineData("""{"patternProperties":{}}""", "patternProperties")]
    [InlineData("""{"type":"integer","multipleOf":7}""", "multipleOf 7")]
    [InlineData("""{"type":"integer","minimum":5,"maximum":4}""", "no number")]
    [InlineData("""{"type":"integer","exclusiveMinimum":4,"exclusiveMaximum":5}""", "no number")]
    [InlineData("""{"type":"number","minimum":1e30}""", "minimum 1e30")]
    [InlineData("""{"type":"string","minLength":-1}""", "minLength -1")]
    [InlineData("""{"type":"string","minLength":3,"maxLength":2}""", "at least 3")]
    [InlineData("""{"type":"string","maxLength":1000000}""", "maxLength 1000000")]
    [InlineData("""{"type":"string","pattern":"^a$","maxLength":3}""", "more than one of pattern")]
    [InlineData("""{"type":"string","pattern":"(?=a)"}""", "'(?'")]
    [InlineData("""{"type":"string","pattern":"(a)\\1"}""", "'\\1'")]
    [InlineData("""{"type":"string","pattern":"\\bword"}""", "'\\b'")]
    [InlineData("""{"type":"string","pattern":"\\p{L}"}""", "'\\p'")]
    [InlineData("""{"type":"string","pattern":"a**"}""", "count of a count")]
    [InlineData("""{"type":"string","pattern":"(a*)*"}""", "may be empty")]
    [InlineData("""{"type":"string","pattern":"(a"}""", "without ')'")]
    [InlineData("""{"type":"string","pattern":"a)"}""", "without '('")]
    [InlineData("""{"type":"string","pattern":"[a"}""", "without ']'")]
    [InlineData("""{"type":"string","pattern":"[z-a]"}""", "out of order")]
    [InlineData("""{"type":"string","pattern":"a{5,2}"}""", "{n,m}")]
    [InlineData("""{"type":"string","pattern":"a{99999}"}""", "up to 1000")]
    [InlineData("""{"type":"string","pattern":"(a$)"}""", "'$' inside")]
    [InlineData("""{"type":"string","pattern":"a$b"}""", "behind '$'")]
    [InlineData("""{"type":"string","pattern":"[]"}""", "no character")]
    [InlineData("""{"enum":[]}""", "0 values")]
    [InlineData("""{"type":"string","enum":[1]}""", "0 values")]
    [InlineData("""{"enum":["a"],"minLength":1}""", "'minLength' beside enum")]
    [InlineData("""{"anyOf":[]}""", "anyOf []")]
    [InlineData("""{"$ref":"https://example.com/x"}""", "pointer into this schema")]
    [InlineData("""{"$ref":"#/$defs/nope"}""", "not in the schema")]
    [InlineData("""{"$ref":"#"}""", "never end")]
    [InlineData("""{"$ref":"#/$defs/a","$defs":{"a":{"anyOf":[{"$ref":"#/$defs/b"}]},"b":{"$ref":"#/$defs/a"}}}""", "never end")]
    [InlineData("""{"$ref":"#/$defs/a","type":"object","$defs":{"a":{"$ref":"#/$defs/a","type":"object"}}}""", "never end")]
    [InlineData("""{"properties":{"a":true},"required":["b"]}""", "requires 'b'")]
    [InlineData("""{"properties":{"a":false},"required":["a"]}""", "#/properties/a is false")]
    [InlineData("""{"properties":{"a":true},"minProperties":1}""", "'minProperties'")]
    [InlineData("""{"allOf":[{"type":"string","pattern":"a"},{"pattern":"b"}]}""", "two different values of 'pattern'")]
    [InlineData("""{"allOf":[{"type":"string"},{"type":"integer"}]}""", "no type")]
    [InlineData("""{"type":"array","items":[{}]}""", "prefixItems")]
    [InlineData("""{"type":"array","minItems":3,"maxItems":2}""", "at most 2")]
    [InlineData("""{"type":"string","type":"integer"}""", "JSON")]
    [InlineData("""{"const":"\ud800"}""", "#")]
    [InlineData("""{"properties":{"\ud800":true}}""", "#")]
    [InlineData("""{"type":"string","pattern":"\ud800"}""", "#")]
    public void Says_what_is_wrong_and_where(string schema, string message)
    {
        var problem = Assert.Throws<ProblemException>(() => JsonSchemaGrammar.FromSchema(schema)).Problem;
        Assert.Equal(ProblemCodes.Invalid, problem.Code);
        Assert.Contains(message, problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Large_schemas_are_refused_quickly()
    {
        var deep = new StringBuilder();
        for (var i = 0; i < 100; i++)
        {
            deep.Append("{\"type\":\"array\",\"items\":");
        }

        deep.Append("{}").Append('}', 100);
        Refused(deep.ToString(), "nested deeper");

        var laughs = new StringBuilder("{\"$ref\":\"#/$defs/a30\",\"$defs\":{\"a0\":{\"minimum\":1}");
        for (var i = 1; i <= 30; i++)
        {
            laughs.Append($",\"a{i}\":{{\"allOf\":[{{\"$ref\":\"#/$defs/a{i - 1}\"}},{{\"$ref\":\"#/$defs/a{i - 1}\"}}]}}");
        }

        Refused(laughs.Append("}}").ToString(), "joins more than");

        Refused($"{{\"anyOf\":[{string.Join(',', Enumerable.Repeat("{}", 5000))}]}}", "one subschema more");
        Refused(new string(' ', JsonSchemaGrammar.MaxSchemaCharacters + 1), "characters");
    }

    [Fact]
    public void Annotations_and_foreign_words_are_ignored() =>
        Assert.True(new GbnfMatcher(JsonSchemaGrammar.FromSchema("""
            {"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"x","title":"t","description":"d","default":1,"examples":[1],"deprecated":true,
             "readOnly":true,"$comment":"c","contentEncoding":"base64","x-y":1,"propertyOrdering":["a"],"type":"boolean","uniqueItems":false}
            """)).Accepts("true"));

    private static void Refused(string schema, string message) =>
        Assert.Contains(message, Assert.Throws<ProblemException>(() => JsonSchemaGrammar.FromSchema(schema)).Message, StringComparison.Ordinal);
}
