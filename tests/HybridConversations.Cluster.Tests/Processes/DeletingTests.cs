using System.Net;
using System.Text;
using HybridConversations.Client;
using StackExchange.Redis;

namespace HybridConversations.Cluster.Tests.Processes;

/// <summary>What is deleted is gone from every file of every device that ever held it, and from Redis; what is owed is said.</summary>
public sealed class DeletingTests
{
    private const string Id = "whose-id-names-Wilhelmina";
    private const string Other = "somebody-else";
    private const string Word = "xylophone-marmalade-4711";

    [SkippableFact]
    public async Task A_deleted_conversation_is_in_no_file_of_any_device_also_of_one_that_was_off_and_not_in_Redis()
    {
        using var redis = await RedisServer.Start("--rdbcompression no");
        var data = Directory.CreateTempSubdirectory("hc-delete-");
        var silos = new List<SiloProcess>();
        SiloProcess Launch(string name)
        {
            var silo = SiloProcess.Launch(name, name != "gateway", redis, Path.Combine(data.FullName, name));
            silos.Add(silo);
            return silo;
        }

        try
        {
            Launch("jetson-1");
            await silos[0].Ready();
            Launch("jetson-2");
            Launch("gateway");
            await Task.WhenAll(silos.Select(silo => silo.Ready()));
            using var http = HttpConversations.CreateClient(silos[2].Url);
            var conversation = new HttpConversations(http).Get(Id);
            var other = new HttpConversations(http).Get(Other);
            var text = $"My word is {Word}. " + string.Concat(Enumerable.Range(0, 30).Select(i => $"And {i} is a number. "));
            await Completed(conversation, text);
            var first = await AnsweredBy(conversation, silos);

            // It saves what it has, and is off; another device goes on.
            first.Terminate();
            await first.Exited();
            await Completed(conversation, "What was my word?");
            await Completed(other, text.Replace(Word, "another word", StringComparison.Ordinal));
            var second = await AnsweredBy(conversation, silos);
            Assert.NotEqual(first, second);
            await Eventually.Holds(() => FilesThatName(data, Id).Count == 2 && FilesThatName(data, Other).Count == 1, () => "both devices have a snapshot: " + string.Join(", ", FilesThatName(data, Id)));
            Assert.NotEmpty(await KeysThatName(redis, Id, Word));

            var deletion = (await conversation.Forget())!;

            Assert.Equal((second.Name, first.Name), (string.Join(' ', deletion.Forgotten), string.Join(' ', deletion.Owed)));
            Assert.Null(await conversation.Read(0, 1));
            Assert.Contains($"/{first.Name}/", Assert.Single(FilesThatName(data, Id)), StringComparison.Ordinal);

            // Only that it is owed still names it.
            await Eventually.Holds(
                async () => await KeysThatName(redis, Id, Word) is [var key] && key.EndsWith($"/kv/owed/{first.Name}", StringComparison.Ordinal),
                () => "Redis names it only as owed: " + string.Join(", ", KeysThatName(redis, Id, Word).Result));

            await Launch(first.Name).Ready();

            await Eventually.Holds(() => FilesThatName(data, Id).Count == 0, () => "no file names it: " + string.Join(", ", FilesThatName(data, Id)));
            await Eventually.Holds(async () => (await KeysThatName(redis, Id, Word)).Count == 0, () => "no key names it: " + string.Join(", ", KeysThatName(redis, Id, Word).Result));
            Assert.Empty(FilesThatName(data, Word));

            // Nor is there a KV block of it, which names nobody. Somebody else's conversation is untouched.
            Assert.Empty(Directory.EnumerateFiles(Path.Combine(data.FullName, first.Name), "*.kv", SearchOption.AllDirectories));
            Assert.Contains($"/{second.Name}/", Assert.Single(FilesThatName(data, Other)), StringComparison.Ordinal);
            Assert.Single(await other.History());
            using var again = await http.DeleteAsync(new Uri($"/conversations/{Id}", UriKind.Relative));
            Assert.Equal(HttpStatusCode.NotFound, again.StatusCode);
        }
        finally
        {
            await Task.WhenAll(silos.Select(silo => silo.DisposeAsync().AsTask()));
            data.Delete(true);
        }
    }

    /// <summary>Says it until it is answered: a device may just be leaving.</summary>
    private static async Task Completed(IConversation conversation, string text)
    {
        var turn = new Turn { TurnId = Guid.NewGuid().ToString("N"), Text = text, Sampling = new SamplingOptions { MaxTokens = 16, Temperature = 0 } };
        await Eventually.Holds(async () => (await conversation.All(turn))[^1] is ReplyCompleted, () => "the turn is answered");
    }

    private static async Task<SiloProcess> AnsweredBy(IConversation conversation, List<SiloProcess> silos)
    {
        var by = (await conversation.History())[^1].AnsweredBy;
        return silos.Last(silo => silo.Name == by);
    }

    private static List<string> FilesThatName(DirectoryInfo folder, string what)
    {
        var wanted = Encoding.UTF8.GetBytes(what);
        var found = new List<string>();
        foreach (var file in Directory.EnumerateFiles(folder.FullName, "*", SearchOption.AllDirectories))
        {
            try
            {
                if (File.ReadAllBytes(file).AsSpan().IndexOf(wanted) >= 0)
                {
                    found.Add(file);
                }
            }
            catch (FileNotFoundException)
            {
                // Written under another name first, or deleted meanwhile.
            }
        }

        return found;
    }

    /// <summary>Keys whose name or value has one of these words.</summary>
    private static async Task<List<string>> KeysThatName(RedisServer redis, params string[] words)
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync(redis.Endpoint);
        var found = new List<string>();
        await foreach (var key in connection.GetServer(redis.Endpoint).KeysAsync())
        {
            var whole = Encoding.Latin1.GetString((byte[]?)key ?? []) + Encoding.Latin1.GetString(await connection.GetDatabase().KeyDumpAsync(key) ?? []);
            if (Array.Exists(words, word => whole.Contains(word, StringComparison.Ordinal)))
            {
                found.Add(key!);
            }
        }

        return found;
    }
}
