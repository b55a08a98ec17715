using System.Diagnostics.Tracing;
using System.Text;
using System.Text.Json;
using HybridConversations.Escalations.Settings;
using HybridConversations.Tests.Common.MisbehavingCloud;
using HybridConversations.Tests.Escalations;

namespace HybridConversations.Tests.Cloud;

/// <summary>Looks for the key wherever it must not be, after everything that can go wrong has, with a server that echoes it where it can.</summary>
public sealed class KeySearchTests
{
    private const string Echo = """{"error":{"message":"Incorrect API key provided: {key}. Your header was 'Bearer {key}'.","type":"invalid_request_error","code":"invalid_api_key"}}""";

    [Fact]
    public async Task The_key_is_in_no_log_error_event_status_or_file()
    {
        using var events = new EventSourceRecorder();
        var surfaced = new StringBuilder();
        await using var cloud = await CloudFixture.Start(o => o with { Breaker = new CloudBreaker { MinimumTries = 1_000 } });
        Assert.Equal(CloudFixture.Key.Length, Encoding.UTF8.GetByteCount(CloudFixture.Key));
        Misbehaviour[] everything =
        [
            Misbehaviour.None, Misbehaviour.NoUsage, Misbehaviour.Empty, Misbehaviour.Cut(0), Misbehaviour.Cut(2), Misbehaviour.Malformed(0), Misbehaviour.WrongContentType,
            Misbehaviour.Filtered(), Misbehaviour.Malformed(0) with { Garbage = $"data: {Echo.Replace("{key}", CloudFixture.Key, StringComparison.Ordinal)}\n\n" },
            Misbehaviour.None with { ContentType = $"text/plain; key={CloudFixture.Key}", Body = Echo },
            Misbehaviour.None with { Pieces = ["a", "b"], GarbageAfter = 2, Garbage = $"data: \"{CloudFixture.Key}\n\n" },
            .. ((int[])[302, 400, 401, 403, 404, 408, 413, 429, 500, 502, 503]).Select(s => Misbehaviour.Refuse(s) with { Body = Echo }),
            Misbehaviour.Refuse(500) with { Body = "A plain page that says {key}" },
        ];
        foreach (var misbehaviour in everything)
        {
            cloud.Server.Otherwise = misbehaviour;
            surfaced.Append(await Outcome(cloud));
        }

        await cloud.Server.TurnOff();
        surfaced.Append(await Outcome(cloud));
        surfaced.Append(await cloud.Escalation.Status("default")).Append(cloud.Options);
        surfaced.Append(JsonSerializer.Serialize(cloud.Options)).Append(cloud.Model);
        foreach (var t in await cloud.Tries())
        {
            surfaced.Append(t);
        }

        // The recorder does see this process's HTTP, the server was sent the key, and the messages do quote the server.
        Assert.Contains("/v1/chat/completions", events.Text, StringComparison.Ordinal);
        Assert.All(cloud.Server.Calls, c => Assert.Equal("Bearer " + CloudFixture.Key, c.Authorization));
        Assert.Contains("Incorrect API key provided: ***", surfaced.ToString(), StringComparison.Ordinal);
        Assert.Contains("Incorrect API key provided: ***", cloud.Logs.Text, StringComparison.Ordinal);
        await cloud.Ledger.DisposeAsync();
        Nowhere(surfaced.ToString(), "events and errors");
        Nowhere(cloud.Logs.Text, "logs");
        Nowhere(events.Text, "event sources");
        var files = Directory.GetFiles(cloud.DataFolder, "*", SearchOption.AllDirectories);
        Assert.Contains(files, f => f.EndsWith("ledger.db", StringComparison.Ordinal));
        foreach (var file in files)
        {
            Nowhere(Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file)), file);
        }
    }

    /// <summary>Whole, or enough of it to guess the rest.</summary>
    private static void Nowhere(string text, string where)
    {
        for (var i = 0; i + 12 <= CloudFixture.Key.Length; i++)
        {
            var part = CloudFixture.Key.Substring(i, 12);
            Assert.False(text.Contains(part, StringComparison.Ordinal), $"'{part}' of the key is in {where}.");
            Assert.False(text.Contains(Convert.ToBase64String(Encoding.UTF8.GetBytes(part)), StringComparison.Ordinal), $"'{part}' of the key is in {where} as base64.");
        }
    }

    private static async Task<string> Outcome(CloudFixture cloud)
    {
        var seen = new StringBuilder();
        try
        {
            await foreach (var e in cloud.Escalation.Ask(CloudFixture.Request()))
            {
                seen.Append(e).Append(JsonSerializer.Serialize(e));
            }
        }
        catch (ProblemException e)
        {
            seen.Append(e).Append(JsonSerializer.Serialize(e.Problem));
        }

        return seen.Append('\n').ToString();
    }

    /// <summary>What any event listener of the process would hear from the SDK, the HTTP client and its sockets.</summary>
    private sealed class EventSourceRecorder : EventListener
    {
        private readonly StringBuilder _text = new();

        public string Text
        {
            get
            {
                lock (_text)
                {
                    return _text.ToString();
                }
            }
        }

        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (eventSource.Name is "System.ClientModel" or "System.Net.Http" or "System.Net.Security" or "Azure-Core" || eventSource.Name.StartsWith("OpenAI", StringComparison.Ordinal))
            {
                EnableEvents(eventSource, EventLevel.Verbose);
            }
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData)
        {
            // The base constructor may call this before the field is set.
            if (_text is null || eventData.Payload is null)
            {
                return;
            }

            lock (_text)
            {
                foreach (var value in eventData.Payload)
                {
                    _text.Append(value is byte[] bytes ? Encoding.UTF8.GetString(bytes) : value).Append(' ');
                }

                _text.Append('\n');
            }
        }
    }
}
