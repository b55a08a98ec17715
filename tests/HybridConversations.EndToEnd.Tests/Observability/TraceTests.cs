using Google.Protobuf;

namespace HybridConversations.EndToEnd.Tests.Observability;

/// <summary>What a collector gets from a real server by OTLP.</summary>
[Collection(Observed.Name)]
public sealed class TraceTests(ObservedServer server)
{
    [Fact]
    public void A_trace_leads_from_the_caller_over_the_turn_to_the_steps_of_the_engine()
    {
        var trace = server.Collector.Spans.Where(span => span.TraceId == server.TraceId).ToList();
        var request = Assert.Single(trace, span => span.Name.StartsWith("POST", StringComparison.Ordinal));
        var turn = Below(request, "turn");
        var chat = Below(turn, "chat Pip demo");
        var (queue, read, write) = (Below(chat, "engine.queue"), Below(chat, "engine.read"), Below(chat, "engine.write"));

        Assert.Equal(("observed", "local", "completed", "voice"), (turn["gen_ai.conversation.id"], turn["hc.route"], turn["hc.turn.state"], turn["hc.priority"]));
        Assert.Equal(("chat", "hybrid_conversations", "true"), (chat["gen_ai.operation.name"], chat["gen_ai.provider.name"], chat["gen_ai.request.stream"]));
        Assert.Equal(turn["gen_ai.usage.output_tokens"], write["hc.tokens.generated"]);
        Assert.True(int.Parse(read["hc.engine.steps"]) >= 1 && int.Parse(write["hc.engine.steps"]) >= int.Parse(write["hc.tokens.generated"]) - 1);
        Assert.True(int.Parse(write["hc.engine.last_step"]) >= int.Parse(read["hc.engine.first_step"]));
        Assert.True(queue.End <= read.End && read.End <= write.End && write.End <= request.End);

        OtlpSpan Below(OtlpSpan parent, string name) => Assert.Single(trace, span => span.ParentId == parent.Id && span.Name == name);
    }

    [Fact]
    public void The_cloud_is_in_the_same_trace()
    {
        var trace = server.Collector.Spans.Where(span => span.TraceId == server.CloudTraceId).ToList();
        var turn = Assert.Single(trace, span => span.Name == "turn");
        var call = Assert.Single(trace, span => span.Name == "chat thinker");
        var http = Assert.Single(trace, span => span["server.port"] == call["server.port"] && span.Name == "POST");

        Assert.Equal((turn.Id, call.Id), (call.ParentId, http.ParentId));
        Assert.Equal(("gpt", "stop"), (call["hc.cloud.endpoint"], call["gen_ai.response.finish_reasons"]));
    }

    [Fact]
    public void A_failure_is_named_by_its_kind()
    {
        var failed = Assert.Single(server.Collector.Spans, span => span.Name == "chat thinker" && span["error.type"].Length > 0);
        Assert.Equal(ProblemCodes.CloudFailed, failed["error.type"]);
    }

    [Fact]
    public void Metrics_and_the_log_are_sent_too()
    {
        Assert.Superset(new HashSet<string>(["gen_ai.server.request.duration", "gen_ai.server.time_to_first_token", "gen_ai.server.time_per_output_token", "hc.engine.batch.rows", "hc.kv.cells"]), server.Collector.Metrics.ToHashSet());
        Assert.Contains(server.Collector.Logs, line => line.Contains("400", StringComparison.Ordinal));
    }

    [Fact]
    public void Nothing_that_was_said_is_in_what_is_sent()
    {
        var words = new[] { "My name is Ada", "pear tree", "cloud has thought" }.Select(ByteString.CopyFromUtf8).ToList();
        Assert.All(server.Collector.Everything, bytes => Assert.All(words, said => Assert.Equal(-1, bytes.Span.IndexOf(said.Span))));
    }
}
