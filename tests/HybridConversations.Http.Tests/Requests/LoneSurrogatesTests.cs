using System.Text;
using HybridConversations.Http.Requests;

namespace HybridConversations.Http.Tests.Requests;

public sealed class LoneSurrogatesTests
{
    [Theory]
    [InlineData("""{"a":"\ud83d\ude00"}""", -1)]
    [InlineData("""{"a":"\\ud800"}""", -1)]
    [InlineData("""{"a":"\u0041\n\\"}""", -1)]
    [InlineData("""{"a":"\ud800"}""", 6)]
    [InlineData("""{"a":"\udc00\ud800"}""", 6)]
    [InlineData("""{"a":"\ud800\\udc00"}""", 6)]
    [InlineData("""{"a":"\\\uD8FF x"}""", 8)]
    [InlineData("""{"\ud800":1}""", 2)]
    [InlineData("""{"a":"\ud8""", -1)]
    [InlineData("\\", -1)]
    [InlineData("", -1)]
    public void Are_found_where_they_are(string json, int at) => Assert.Equal(at, LoneSurrogates.IndexIn(Encoding.UTF8.GetBytes(json)));

    public static TheoryData<string, string> Addresses => new()
    {
        { "/conversations/c1/turns", """{"turnId":"t","text":"hi","?":1}""" },
        { "/conversations/c1/turns", """{"turnId":"?","text":"hi"}""" },
        { "/conversations/c1/turns", """{"turnId":"t","text":"hi","think":"?"}""" },
        { "/conversations/c1/turns", """{"turnId":"t","text":"hi","sampling":{"?":"x"}}""" },
        { "/conversations/c1/interrupt", """{"heard":"?"}""" },
        { "/conversations/c1/interrupt", """{"later":{"?":null}}""" },
        { "/conversations/c1/listen", """{"text":"a","?":"b"}""" },
        { "/v1/chat/completions", """{"messages":[{"role":"?","content":"x"}]}""" },
        { "/v1/chat/completions", """{"messages":[{"role":"user","content":"x","?":1}]}""" },
        { "/v1/chat/completions", """{"messages":[{"role":"user","content":"x"}],"model":"?"}""" },
        { "/v1/chat/completions", """{"messages":[{"role":"user","content":"x"}],"stream_options":{"?":true}}""" },
    };

    [Theory]
    [MemberData(nameof(Addresses))]
    public async Task Are_the_callers_mistake_wherever_they_stand(string path, string json)
    {
        await using var server = await TestServer.Start();
        using var response = await server.Post(path, json.Replace("?", "\\ud800", StringComparison.Ordinal));
        Assert.Equal(400, (int)response.StatusCode);
        Assert.Contains("surrogate", await response.Content.ReadAsStringAsync());
        Assert.DoesNotContain(server.Log.Entries, entry => entry.Level >= Microsoft.Extensions.Logging.LogLevel.Error);
    }

    [Fact]
    public async Task Text_of_a_client_is_one_line_of_the_log()
    {
        await using var server = await TestServer.Start();
        using var turn = await server.Post("/conversations/c1/interrupt", "{\"fake\\nfail: all is lost\\u001b[2J\\u202e\":1}");
        Assert.True(turn.IsSuccessStatusCode);
        var line = Assert.Single(server.Log.Entries, entry => entry.Message.Contains("all is lost", StringComparison.Ordinal)).Message;
        Assert.DoesNotContain(line, char.IsControl);
        Assert.DoesNotContain('\u202e', line);
    }
}
