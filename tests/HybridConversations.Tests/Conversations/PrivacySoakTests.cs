using System.Globalization;
using System.Text.RegularExpressions;
using HybridConversations.Cloud;
using HybridConversations.Conversations;
using HybridConversations.Escalations.Settings;
using HybridConversations.InProcess;
using HybridConversations.Routing;
using HybridConversations.Storage;
using HybridConversations.Tests.Common;
using HybridConversations.Tests.Common.MisbehavingCloud;

namespace HybridConversations.Tests.Conversations;

/// <summary>
/// Random conversations with private turns among them, the real router, the real SDK, and a recording server as the cloud: what was said in private never reaches it.
/// The device quotes everything that it was ever shown, so that replies carry secrets on. HC_PRIVACY_SOAK_TURNS sets the number of turns.
/// </summary>
public sealed partial class PrivacySoakTests
{
    private const int Talkers = 16;

    private static readonly string[] Wishes =
    [
        "keep this private", "This is private.", "it's confidential", "just between you and me", "don't send this to the cloud", "off the record", "please don't tell anyone",
        "what I tell you now is private",
    ];

    private static readonly string[] Lifts = ["this is no longer private", "you can use the cloud again", "end private mode", "that's not private any more"];

    private static readonly string[] Requests =
    [
        "write me a python script that renames all my photos by the date they were taken", "think hard about a name for my dog", "what is the weather like today",
        "plan a week of meals for a family of four with a budget", "thanks", "now make it shorter", "ask the cloud", "turn on the light", "and in French",
    ];

    [Fact]
    public async Task What_was_said_in_private_never_reaches_the_cloud()
    {
        var turns = int.TryParse(Environment.GetEnvironmentVariable("HC_PRIVACY_SOAK_TURNS"), CultureInfo.InvariantCulture, out var wanted) ? wanted : 10_000;
        using var folder = new TemporaryFolder();
        await using var store = SqliteConversationStore.OpenFolder(new SqliteStoreOptions { Folder = folder.Path }, TimeProvider.System);
        await using var server = await MisbehavingServer.Start();
        server.Decide = index => (index % 7) switch
        {
            0 => Misbehaviour.Refuse(500),
            1 => Misbehaviour.Empty,
            2 => new Misbehaviour { EndAfter = 2 },
            _ => null,
        };
        await using var cloud = CloudEscalation.Create(
            new CloudOptions
            {
                Name = "recording",
                Kind = CloudKind.Compatible,
                BaseAddress = server.BaseAddress,
                Model = "any",
                Authentication = CloudAuthentication.None,
                Limits = new CloudLimits { MaxConcurrent = Talkers, MaxQueued = 64, QueueMs = 60_000 },
                Retry = new CloudRetry { BaseDelayMs = 1, MaxDelayMs = 2 },
                Breaker = new CloudBreaker { MinimumTries = 100_000 },
            },
            folder.Path);
        var device = new ScriptedDevice { Script = Quote };
        await using var conversations = new InProcessConversations(store, new ConversationServices
        {
            Devices = new SingleDevicePicker(device),
            Memories = new SingleDeviceMemory(device),
            Router = new Router(),
            Escalations = new SingleEscalationPicker(cloud.Escalation),
        });

        await Task.WhenAll(Enumerable.Range(0, Talkers).Select(t => Task.Run(() => new Talker(conversations, t).Talk(turns / Talkers))));

        var bodies = server.Calls.Select(call => call.Body).ToList();
        Assert.True(bodies.Count > turns / 20, $"{bodies.Count} calls in {turns} turns");
        Assert.Contains(bodies, body => body.Contains("public-", StringComparison.Ordinal));
        Assert.DoesNotContain(bodies, body => body.Contains("secret-", StringComparison.Ordinal));
    }

    private static IReadOnlyList<string> Quote(DeviceRequest request)
    {
        var known = request.Messages.SelectMany(message => Markers().Matches(message.Content)).Select(marker => marker.Value).Distinct().TakeLast(20);
        return ["I know ", string.Join(' ', known), " and that is all."];
    }

    [GeneratedRegex("(secret|public)-[0-9]+-[0-9]+")]
    private static partial Regex Markers();

    private sealed class Talker(InProcessConversations conversations, int number)
    {
        private readonly Random _random = new(number);
        private int _conversation;
        private int _turn;
        private bool _private;

        private string Id => $"talker-{number}-{_conversation}";

        public async Task Talk(int turns)
        {
            while (_turn < turns)
            {
                if (_random.Next(60) == 0)
                {
                    // Elsewhere nobody has wished for anything.
                    (_conversation, _private) = (_conversation + 1, false);
                }

                var turn = Next(out var isPrivate);
                switch (_random.Next(12))
                {
                    case 0:
                        await BargeIn(turn);
                        break;
                    case 1:
                        await Leave(turn);
                        await Say(turn with { Private = false }); // What was called private once stays so.
                        break;
                    case 2 when isPrivate:
                        await conversations.Get(Id).Listen(new SpokenDraft(turn.Text, Speculate: true));
                        await Say(turn);
                        break;
                    case 3:
                        await Say(turn);
                        await conversations.Get(Id).Interrupt("I know");
                        break;
                    case 4:
                        await Task.WhenAll(Say(turn), Say(turn));
                        break;
                    default:
                        await Say(turn);
                        break;
                }
            }
        }

        private Turn Next(out bool isPrivate)
        {
            var request = Requests[_random.Next(Requests.Length)];
            var (wish, lift) = (_random.Next(20) == 0, _private && _random.Next(8) == 0);
            var flagged = _random.Next(15) == 0;
            isPrivate = _private || wish || flagged;
            var marker = $"{(isPrivate ? "secret" : "public")}-{number}-{++_turn}";
            var text = wish ? $"{Wishes[_random.Next(Wishes.Length)]} {marker} {request}" : lift ? $"{marker} {Lifts[_random.Next(Lifts.Length)]}" : $"{request} {marker}";
            if (_random.Next(10) == 0)
            {
                // In the middle of a long turn.
                var rest = string.Join(' ', Enumerable.Range(0, 20 + _random.Next(150)).Select(i => "alpha" + (char)('a' + (i % 26))));
                text = $"{request} {rest} {text} {rest}";
            }

            _private = wish || (_private && !lift);
            return new Turn
            {
                TurnId = $"t{_turn}",
                Text = text,
                Private = flagged,
                Think = (ThinkMode)_random.Next(3),
                AllowFallback = _random.Next(4) > 0,
            };
        }

        private async Task Say(Turn turn) => await conversations.Get(Id).Say(turn).ToList();

        private async Task Leave(Turn turn)
        {
            await using var reader = new ReplyReader(conversations.Get(Id).Say(turn));
            for (var i = _random.Next(1, 5); i > 0 && await reader.Next() is not null; i--)
            {
                // As far as that, and then the connection is gone.
            }
        }

        /// <summary>The next turn comes before the reply to this one is over, often before its first word.</summary>
        private async Task BargeIn(Turn turn)
        {
            await using var reader = new ReplyReader(conversations.Get(Id).Say(turn));
            await reader.Next();
            await Say(Next(out _) with { Interrupt = true });
        }
    }
}
