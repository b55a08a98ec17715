using System.Text.Json;

namespace HybridConversations.Http.Tests.LlamaServer;

public sealed class LlamaServerTests
{
    [Fact]
    public async Task Health_and_props_are_as_llama_server_has_them()
    {
        await using var server = await TestServer.Start();
        Assert.Equal("""{"status":"ok"}""", await server.Http.GetStringAsync("/health"));
        var props = JsonElement.Parse(await server.Http.GetStringAsync("/props"));
        Assert.Equal((2048, 16), (props.GetProperty("default_generation_settings").GetProperty("n_ctx").GetInt32(), props.GetProperty("total_slots").GetInt32()));
        Assert.Equal("scripted-model", props.GetProperty("model_alias").GetString());

        server.Machine.Model.State = DeviceState.Draining;
        using var draining = await server.Http.GetAsync("/health");
        Assert.Equal((503, "unavailable_error"), ((int)draining.StatusCode, JsonElement.Parse(await draining.Content.ReadAsStringAsync()).GetProperty("error").GetProperty("type").GetString()));
    }

    [Fact]
    public async Task Text_becomes_tokens_and_tokens_text()
    {
        await using var server = await TestServer.Start();
        Assert.Equal("""{"tokens":[72,105]}""", await Text(server, "/tokenize", """{"content":"Hi"}"""));
        Assert.Equal("""{"tokens":[{"id":0,"piece":""},{"id":233,"piece":"é"}]}""", await Text(server, "/tokenize", """{"content":"é","add_special":true,"with_pieces":true}"""));
        Assert.Equal("""{"content":"Hi"}""", await Text(server, "/detokenize", """{"tokens":[72,105]}"""));
        Assert.Contains("tokens[1]: must be a whole number", await Text(server, "/detokenize", """{"tokens":[72,-1]}""", 400));
        Assert.Contains("content: is missing", await Text(server, "/tokenize", "{}", 400));
    }

    private static async Task<string> Text(TestServer server, string path, string body, int status = 200)
    {
        using var response = await server.Post(path, body);
        Assert.Equal(status, (int)response.StatusCode);
        return await response.Content.ReadAsStringAsync();
    }
}
