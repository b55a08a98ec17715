using System.Diagnostics;
using HybridConversations;
using HybridConversations.Cluster.Bench;
using HybridConversations.Conversations;
using HybridConversations.InProcess;
using HybridConversations.Orleans.Clients;
using HybridConversations.Storage;
using Microsoft.Extensions.DependencyInjection;

// What Orleans and Redis cost: dotnet run -c Release --project bench/HybridConversations.Cluster.Bench [idle conversations]
const int Turns = 400;
const int Tokens = 1024;
var idle = args is [var given] ? int.Parse(given) : 20_000;

// On a RAM disk where there is one: both stores wait for the disk, and it is not the disk that is measured.
var folder = Directory.CreateDirectory(Path.Combine(BenchFleet.Ram, $"hc-bench-{Environment.ProcessId}"));
await using (var store = SqliteConversationStore.OpenFolder(new SqliteStoreOptions { Folder = folder.FullName }))
{
    var device = new InstantDevice("bench");
    await using var conversations = new InProcessConversations(store, new ConversationServices { Devices = new SingleDevicePicker(device), Memories = new SingleDeviceMemory(device) });
    await Overheads("in process, SQLite", conversations);
}

folder.Delete(true);
await using var fleet = await BenchFleet.Start();
await Overheads("silo, Redis, called on the silo", new OrleansConversations(fleet.Device.GetRequiredService<IGrainFactory>()));
var client = new OrleansConversations(fleet.Client.GetRequiredService<IGrainFactory>());
await Overheads("silo, Redis, called by a client over TCP", client);
await ByLength(client);
await Opens(client);
return;

async Task Overheads(string host, IConversations conversations)
{
    var conversation = conversations.Get("overhead");
    await Say(conversation, 50, 1);
    var one = await Say(conversation, Turns, 1);
    var many = await Say(conversation, Turns / 4, Tokens);
    Console.WriteLine($"{host}: turn of one token {Median(one):0.000} ms (p95 {P95(one):0.000}); token event {Math.Max(0, Median(many) - Median(one)) * 1000 / (Tokens - 1):0.0} µs");
}

async Task ByLength(IConversations conversations)
{
    var conversation = conversations.Get("length");
    var times = await Say(conversation, 1000, 1);
    Console.WriteLine($"turn 1–32: {Median(times[..32]):0.000} ms; turn 969–1000: {Median(times[^32..]):0.000} ms (median)");
}

async Task Opens(IConversations conversations)
{
    var watch = Stopwatch.StartNew();
    await Task.WhenAll(Enumerable.Range(0, 1000).Select(i => Say(conversations.Get($"open-{i}"), 1, 1)));
    Console.WriteLine($"1,000 conversations opened at once, a turn each: {1000 / watch.Elapsed.TotalSeconds:0} a second");

    var before = Memory();
    watch.Restart();
    await Parallel.ForAsync(0, idle, new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (i, _) => await Say(conversations.Get($"idle-{i}"), 1, 1));
    var elapsed = watch.Elapsed;
    await Task.Delay(2000);
    var bytes = (Memory() - before) / (double)idle;
    Console.WriteLine($"{idle} conversations opened by 64 at a time: {idle / elapsed.TotalSeconds:0} a second; {bytes:0} bytes each while they are idle in memory (GC heap of silo and client)");
}

static async Task<List<double>> Say(IConversation conversation, int turns, int tokens)
{
    var times = new List<double>(turns);
    for (var i = 0; i < turns; i++)
    {
        var begun = Stopwatch.GetTimestamp();
        ReplyEvent? last = null;
        await foreach (var e in conversation.Say(new Turn { TurnId = Guid.NewGuid().ToString("N"), Text = "Where are my keys?", Sampling = new SamplingOptions { MaxTokens = tokens } }))
        {
            last = e;
        }

        if (last is not ReplyCompleted)
        {
            throw new InvalidOperationException($"The reply ended with {last}.");
        }

        times.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
    }

    return times;
}

static double Median(IEnumerable<double> times) => times.Order().ElementAt(times.Count() / 2);

static double P95(IEnumerable<double> times) => times.Order().ElementAt(times.Count() * 95 / 100);

static long Memory()
{
    GC.Collect();
    GC.WaitForPendingFinalizers();
    return GC.GetTotalMemory(forceFullCollection: true);
}
