using System.Text.Json;
using HybridConversations.Tests.Common.Scripted;

namespace HybridConversations.Http.Tests.OpenAi;

public sealed class ChatCompletionTests
{
    private const string Path = "/v1/chat/completions";

    [Fact]
    public async Task The_role_comes_with_the_first_text_and_the_stream_ends_with_done()
    {
        await using var server = await TestServer.Start();
        using var response = await server.Post(Path, """{"model":"m","stream":true,"messages":[{"role":"user","content":"one two"}]}""");
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        var blocks = (await response.Content.ReadAsStringAsync()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal("data: [DONE]", blocks[^1]);
        var chunks = blocks[..^1].Select(block => JsonElement.Parse(block["data: ".Length..])).ToList();
        Assert.Equal(3, chunks.Count);
        Assert.Equal("""{"role":"assistant","content":"one"}""", Choice(chunks[0]).GetProperty("delta").GetRawText());
        Assert.Equal("""{"content":" two"}""", Choice(chunks[1]).GetProperty("delta").GetRawText());
        Assert.Equal(JsonValueKind.Null, Choice(chunks[1]).GetProperty("finish_reason").ValueKind);
        Assert.Equal("{}", Choice(chunks[2]).GetProperty("delta").GetRawText());
        Assert.Equal("stop", Choice(chunks[2]).GetProperty("finish_reason").GetString());
        Assert.All(chunks, chunk =>
        {
            Assert.Equal("chat.completion.chunk", chunk.GetProperty("object").GetString());
            Assert.StartsWith("chatcmpl-", chunk.GetProperty("id").GetString());
            Assert.Equal("scripted-model", chunk.GetProperty("model").GetString());
            Assert.False(chunk.TryGetProperty("usage", out _));
        });
    }

    [Fact]
    public async Task Usage_comes_in_a_chunk_of_its_own_where_asked_for()
    {
        await using var server = await TestServer.Start();
        using var response = await server.Post(Path,
            """{"stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"user","content":"one"}]}""");
        var blocks = (await response.Content.ReadAsStringAsync()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        var last = JsonElement.Parse(blocks[^2]["data: ".Length..]);
        Assert.Empty(last.GetProperty("choices").EnumerateArray());
        Assert.Equal("""{"prompt_tokens":12,"completion_tokens":1,"total_tokens":13,"prompt_tokens_details":{"cached_tokens":8},"completion_tokens_details":{"reasoning_tokens":0}}""", last.GetProperty("usage").GetRawText());
        var timings = JsonElement.Parse(blocks[^3]["data: ".Length..]).GetProperty("timings");
        Assert.Equal((8, 4, 15.0), (timings.GetProperty("cache_n").GetInt32(), timings.GetProperty("prompt_n").GetInt32(), timings.GetProperty("prompt_ms").GetDouble()));
    }

    [Fact]
    public async Task A_reply_without_text_still_has_its_role()
    {
        await using var server = await TestServer.Start();
        server.Machine.Model.Reply = (_, _) => Nothing();
        using var response = await server.Post(Path, """{"stream":true,"messages":[{"role":"user","content":"one"}]}""");
        Assert.Contains("""{"delta":{"role":"assistant","content":""},""".Replace("{\"delta\"", "\"delta\""), await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_whole_answer_has_what_clients_read()
    {
        await using var server = await TestServer.Start();
        using var response = await server.Post(Path, """{"messages":[{"role":"user","content":[{"type":"text","text":"one"},{"type":"text","text":"two"}]}]}""");
        var answer = JsonElement.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal("chat.completion", answer.GetProperty("object").GetString());
        Assert.Equal("""{"role":"assistant","content":"one\ntwo","refusal":null}""", Choice(answer).GetProperty("message").GetRawText());
        Assert.Equal(8, answer.GetProperty("usage").GetProperty("prompt_tokens_details").GetProperty("cached_tokens").GetInt32());
        Assert.InRange(answer.GetProperty("created").GetInt64(), 1_700_000_000, 5_000_000_000);
    }

    [Fact]
    public async Task Messages_reach_the_device_as_they_were_sent()
    {
        await using var server = await TestServer.Start();
        using var response = await server.Post(Path, """
            {"messages":[
              {"role":"system","content":"A"},{"role":"developer","content":"B"},
              {"role":"assistant","content":"Hello."},
              {"role":"user","content":"Weather?"},
              {"role":"assistant","content":null,"tool_calls":[{"id":"1","type":"function","function":{"name":"weather","arguments":"{\"city\":\"Bern\"}"}}]},
              {"role":"tool","tool_call_id":"1","content":"sunny"},
              {"role":"system","content":"Answer in German."}]}
            """);
        Assert.True(response.IsSuccessStatusCode);
        var messages = Assert.Single(server.Machine.Model.Requests).Messages;
        Assert.Equal(["system A", "system B", "assistant Hello.", "user Weather?", "assistant ", "tool sunny", "system Answer in German."], messages.Select(message => $"{message.Role} {message.Content}"));
        Assert.Equal(new ToolCall("1", "weather", """{"city":"Bern"}"""), Assert.Single(messages[4].ToolCalls));
        Assert.Equal("1", messages[5].ToolCallId);
    }

    [Fact]
    public async Task Every_sampling_member_reaches_the_device()
    {
        await using var server = await TestServer.Start();
        using var response = await server.Post(Path, """
            {"messages":[{"role":"user","content":"x"}],"max_tokens":9,"max_completion_tokens":7,"temperature":0,"top_p":0,"top_k":5,"min_p":0.1,"seed":3,
             "presence_penalty":1,"frequency_penalty":-2,"stop":"END","grammar":"root ::= \"a\"","priority":"background","deadlineMs":900,"n":1,
             "response_format":{"type":"text"},"tool_choice":"auto","tools":[{"type":"function","function":{"name":"f"}}],"user":"u","metadata":{"a":"b"},"parallel_tool_calls":true}
            """);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        var request = Assert.Single(server.Machine.Model.Requests);
        Assert.Equal((TurnPriority.Background, 900), (request.Priority, request.DeadlineMs));
        Assert.Equal(["END"], request.Sampling.Stop);
        Assert.Equal(new SamplingOptions
        {
            MaxTokens = 7,
            Temperature = 0,
            TopP = 1e-9,
            TopK = 5,
            MinP = 0.1,
            Seed = 3,
            PresencePenalty = 1,
            FrequencyPenalty = -2,
            Stop = request.Sampling.Stop,
            Grammar = "root ::= \"a\"",
        }, request.Sampling);
        Assert.Equal(new ToolDefinition("f"), Assert.Single(request.Tools));
        Assert.DoesNotContain(server.Log.Entries, entry => entry.Message.Contains("'metadata'"));
    }

    [Fact]
    public async Task Samplers_that_users_bring_along_reach_the_device()
    {
        await using var server = await TestServer.Start();
        using var response = await server.Post(Path, """
            {"messages":[{"role":"user","content":"x"}],"repeat_penalty":1.1,"repeat_last_n":-1,"logit_bias":{"17":-100,"3":2.5},"typical_p":0.9,"dry_multiplier":0.8,"dry_base":2,
             "dry_allowed_length":3,"dry_penalty_last_n":500,"dry_sequence_breakers":["\n"],"xtc_probability":0.5,"xtc_threshold":0.2}
            """);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        var sampling = Assert.Single(server.Machine.Model.Requests).Sampling;
        Assert.Equal((-100, 2.5), (sampling.LogitBias[17], sampling.LogitBias[3]));
        Assert.Equal(["\n"], sampling.DryBreakers);
        Assert.Equal(
            new SamplingOptions
            {
                RepeatPenalty = 1.1,
                RepeatLastTokens = -1,
                LogitBias = sampling.LogitBias,
                TypicalP = 0.9,
                DryMultiplier = 0.8,
                DryBase = 2,
                DryAllowedLength = 3,
                DryLastTokens = 500,
                DryBreakers = sampling.DryBreakers,
                XtcProbability = 0.5,
                XtcThreshold = 0.2,
                Stop = sampling.Stop,
            },
            sampling);
    }

    public static TheoryData<string, string> Refusals => new()
    {
        { """{"messages":[{"role":"user","content":"x"}],"logit_bias":{"a":1}}""", "logit_bias" },
        { """{"messages":[{"role":"user","content":"x"}],"logit_bias":{"1":101}}""", "logit_bias" },
        { """{"messages":[{"role":"user","content":"x"}],"repeat_penalty":0}""", "repeat_penalty" },
        { """{"messages":[{"role":"user","content":"x"}],"dry_multiplier":-1}""", "dry_multiplier" },
        { """{"messages":[{"role":"user","content":"x"}],"xtc_probability":2}""", "xtc_probability" },
        { """{}""", "messages" },
        { """{"messages":[]}""", "messages" },
        { """{"messages":"hi"}""", "messages" },
        { """{"messages":["hi"]}""", "messages[0]" },
        { """{"messages":[{"content":"x"}]}""", "messages[0].role" },
        { """{"messages":[{"role":"robot","content":"x"}]}""", "messages[0].role" },
        { """{"messages":[{"role":"user","content":7}]}""", "messages[0].content" },
        { """{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:"}}]}]}""", "messages[0].content[0].type" },
        { """{"messages":[{"role":"user","content":"x"}],"tools":{}}""", "tools" },
        { """{"messages":[{"role":"user","content":"x"}],"tools":[{"type":"web_search"}]}""", "tools[0]" },
        { """{"messages":[{"role":"user","content":"x"}],"tools":[{"type":"function","function":{"name":"a b"}}]}""", "tools[0].function.name" },
        { """{"messages":[{"role":"user","content":"x"}],"tools":[{"type":"function","function":{"name":"f","parameters":[]}}]}""", "tools[0].function.parameters" },
        { """{"messages":[{"role":"user","content":"x"}],"tools":[{"type":"function","function":{"name":"f"}},{"type":"function","function":{"name":"f"}}]}""", "tools" },
        { """{"messages":[{"role":"user","content":"x"}],"tools":[{"type":"function","function":{"name":"f"}}],"tool_choice":{"type":"function","function":{"name":"g"}}}""", "tool_choice" },
        { """{"messages":[{"role":"user","content":"x"}],"tools":[{"type":"function","function":{"name":"f"}}],"tool_choice":"sometimes"}""", "tool_choice" },
        { """{"messages":[{"role":"user","content":"x"}],"reasoning_effort":"huge"}""", "reasoning_effort" },
        { """{"messages":[{"role":"user","content":"x"}],"chat_template_kwargs":[]}""", "chat_template_kwargs" },
        { """{"messages":[{"role":"user","content":"x"}],"n":17}""", "n" },
        { """{"messages":[{"role":"user","content":"x"}],"temperature":3}""", "temperature" },
        { """{"messages":[{"role":"user","content":"x"}],"max_tokens":-2}""", "max_tokens" },
        { """{"messages":[{"role":"user","content":"x"}],"top_logprobs":3}""", "top_logprobs" },
        { """{"messages":[{"role":"user","content":"x"}],"tool_choice":"required"}""", "tool_choice" },
        { """{"messages":[{"role":"user","content":"x"}],"tool_choice":{"type":"function","function":{"name":"f"}}}""", "tool_choice" },
        { """{"messages":[{"role":"user","content":"x"}],"response_format":{"type":"xml"}}""", "response_format" },
        { """{"messages":[{"role":"user","content":"x"}],"response_format":{"type":"json_schema"}}""", "response_format.json_schema.schema" },
        { """{"messages":[{"role":"user","content":"x"}],"grammar":"root","response_format":{"type":"json_object"}}""", "grammar" },
        { """{"messages":[{"role":"user","content":"x"}],"priority":"urgent"}""", "priority" },
        { """{"messages":[{"role":"user","content":"x"}],"modalities":["audio"]}""", "modalities" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task A_request_that_is_not_valid_gets_openais_error(string body, string param)
    {
        await using var server = await TestServer.Start();
        using var response = await server.Post(Path, body);
        var error = await Error(response, 400);
        Assert.Equal(param, error.GetProperty("param").GetString());
        Assert.Equal("invalid_request_error", error.GetProperty("type").GetString());
        Assert.StartsWith(param + ": ", error.GetProperty("message").GetString());
        Assert.Empty(server.Machine.Model.Requests);
    }

    [Theory]
    [InlineData("{oops", 400, "invalid-request")]
    [InlineData("", 400, "invalid-request")]
    public async Task Broken_bodies_get_openais_error_too(string body, int status, string code)
    {
        await using var server = await TestServer.Start();
        using var response = await server.Post(Path, body);
        Assert.Equal(code, (await Error(response, status)).GetProperty("code").GetString());
        using var nowhere = await server.Http.GetAsync("/v1/nowhere");
        Assert.Equal("not-found", (await Error(nowhere, 404)).GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_device_that_breaks_in_the_middle_ends_the_stream_with_an_error_and_no_done()
    {
        await using var server = await TestServer.Start();
        server.Machine.Model.Reply = (_, _) => Breaking();
        using var response = await server.Post(Path, """{"stream":true,"messages":[{"role":"user","content":"one"}]}""");
        var blocks = (await response.Content.ReadAsStringAsync()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, blocks.Length);
        var error = JsonElement.Parse(blocks[1]["data: ".Length..]).GetProperty("error");
        Assert.Equal(("device-lost", "server_error"), (error.GetProperty("code").GetString(), error.GetProperty("type").GetString()));
    }

    [Fact]
    public async Task A_comment_goes_out_while_the_request_waits()
    {
        await using var server = await TestServer.Start(new HttpLimits { Heartbeat = TimeSpan.FromMilliseconds(40) });
        var gate = new TaskCompletionSource();
        server.Machine.Model.Reply = (_, _) => Gated(gate.Task);
        using var response = await server.PostStreaming(Path, """{"stream":true,"messages":[{"role":"user","content":"one"}]}""");
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.Equal(": keep-alive", await lines.ReadLineAsync());
        gate.SetResult();
        Assert.EndsWith("data: [DONE]\n\n", await lines.ReadToEndAsync());
    }

    private static JsonElement Choice(JsonElement answer) => answer.GetProperty("choices")[0];

    private static async Task<JsonElement> Error(HttpResponseMessage response, int status)
    {
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        return JsonElement.Parse(await response.Content.ReadAsStringAsync()).GetProperty("error");
    }

    [Fact]
    public async Task Calls_are_streamed_as_openai_streams_them()
    {
        await using var server = await TestServer.Start();
        server.Machine.Model.Reply = (_, _) => Calling();
        using var response = await server.Post(Path, Asking("\"stream\":true,"));
        var blocks = (await response.Content.ReadAsStringAsync()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        var deltas = blocks[..^1].Select(block => Choice(JsonElement.Parse(block["data: ".Length..]))).ToList();
        Assert.Equal(
            [
                """{"role":"assistant","reasoning_content":"Hm."}""",
                """{"content":"One moment."}""",
                """{"tool_calls":[{"function":{"arguments":"","name":"f"},"index":0,"id":"abc","type":"function"}]}""",
                """{"tool_calls":[{"function":{"arguments":"{\u0022a\u0022"},"index":0}]}""",
                """{"tool_calls":[{"function":{"arguments":": 1}"},"index":0}]}""",
                """{"tool_calls":[{"function":{"arguments":"","name":"g"},"index":1,"id":"def","type":"function"}]}""",
                """{"tool_calls":[{"function":{"arguments":"{}"},"index":1}]}""",
                "{}",
            ],
            deltas.Select(delta => delta.GetProperty("delta").GetRawText().Replace("\\\"", "\\u0022", StringComparison.Ordinal)));
        Assert.Equal("tool_calls", deltas[^1].GetProperty("finish_reason").GetString());
    }

    [Fact]
    public async Task Calls_are_in_a_whole_answer_too()
    {
        await using var server = await TestServer.Start();
        server.Machine.Model.Reply = (_, _) => Calling();
        using var response = await server.Post(Path, Asking(""));
        var choice = Choice(JsonElement.Parse(await response.Content.ReadAsStringAsync()));
        Assert.Equal("tool_calls", choice.GetProperty("finish_reason").GetString());
        var message = choice.GetProperty("message");
        Assert.Equal(("One moment.", "Hm."), (message.GetProperty("content").GetString(), message.GetProperty("reasoning_content").GetString()));
        Assert.Equal("""{"a": 1}""", message.GetProperty("tool_calls")[0].GetProperty("function").GetProperty("arguments").GetString());
        Assert.Equal("def", message.GetProperty("tool_calls")[1].GetProperty("id").GetString());
    }

    [Fact]
    public async Task How_to_call_and_to_think_reaches_the_device()
    {
        await using var server = await TestServer.Start();
        using var response = await server.Post(Path, """
            {"messages":[{"role":"user","content":"x"}],"tools":[{"type":"function","function":{"name":"f","description":null,"parameters":null}},{"type":"function","function":{"name":"g","strict":true}}],
             "tool_choice":{"type":"allowed_tools","allowed_tools":{"mode":"required","tools":[{"type":"function","function":{"name":"g"}}]}},"parallel_tool_calls":false,
             "reasoning_effort":"low","thinking_budget":64,"enable_thinking":true,"chat_template_kwargs":{"a":1}}
            """);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        var request = Assert.Single(server.Machine.Model.Requests);
        Assert.Equal([new ToolDefinition("f"), new ToolDefinition("g") { Strict = true }], request.Tools);
        Assert.Equal((ToolChoiceMode.Required, "g"), (request.ToolChoice.Mode, Assert.Single(request.ToolChoice.Allowed!)));
        Assert.False(request.ParallelToolCalls);
        Assert.Equal(new ReasoningOptions { Effort = "low", BudgetTokens = 64, Enabled = true }, request.Reasoning);
        Assert.Equal("""{"a":1}""", request.TemplateVariables);
    }

    [Theory]
    [InlineData("""[{"role":"system","content":"Greet."}]""")]
    [InlineData("""[{"role":"assistant","content":"Welcome"}]""")]
    [InlineData("""[{"role":"user","content":"x"},{"role":"assistant","content":"y"}]""")]
    [InlineData("""[{"role":"tool","tool_call_id":"unknown","content":"x"}]""")]
    [InlineData("""[{"role":"assistant","content":null,"tool_calls":[{"id":"1","type":"function","function":{"name":"f","arguments":"{broken"}}]},{"role":"tool","tool_call_id":"2","content":null}]""")]
    [InlineData("""[{"role":"assistant","tool_calls":[{"function":{"name":"f","arguments":{"a":1}}}]}]""")]
    public async Task Conversations_of_every_shape_are_taken(string messages)
    {
        await using var server = await TestServer.Start();
        using var response = await server.Post(Path, $$"""{"messages":{{messages}}}""");
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    private static string Asking(string more) =>
        "{" + more + """ "messages":[{"role":"user","content":"x"}],"tools":[{"type":"function","function":{"name":"f"}},{"type":"function","function":{"name":"g"}}]} """;

    private static async IAsyncEnumerable<DeviceEvent> Calling()
    {
        await Task.Yield();
        yield return new DeviceReasoning("Hm.");
        yield return new DeviceText("One moment.");
        yield return new DeviceToolCall(0, "abc", "f");
        yield return new DeviceToolArguments(0, "{\"a\"", IsEnd: false);
        yield return new DeviceToolArguments(0, ": 1}", IsEnd: true);
        yield return new DeviceToolCall(1, "def", "g");
        yield return new DeviceToolArguments(1, "{}", IsEnd: true);
        yield return ScriptedModelDevice.Finished(7) with { FinishReason = FinishReason.ToolCalls };
    }

    private static async IAsyncEnumerable<DeviceEvent> Nothing()
    {
        await Task.Yield();
        yield return ScriptedModelDevice.Finished(0);
    }

    private static async IAsyncEnumerable<DeviceEvent> Breaking()
    {
        yield return new DeviceText("I was");
        await Task.Yield();
        throw new ProblemException(new Problem(ProblemCodes.DeviceLost, 503, "Send it again.", Retryable: true));
    }

    private static async IAsyncEnumerable<DeviceEvent> Gated(Task gate)
    {
        await gate;
        yield return new DeviceText("late");
        yield return ScriptedModelDevice.Finished(1);
    }
}
