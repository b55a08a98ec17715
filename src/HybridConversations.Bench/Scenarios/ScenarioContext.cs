using HybridConversations.Bench.Http;
using HybridConversations.Bench.Prompts;
using HybridConversations.Bench.Servers;

namespace HybridConversations.Bench.Scenarios;

/// <summary>What a run of a scenario works with.</summary>
internal sealed record ScenarioContext
{
    public required Target Target { get; init; }

    public required BenchSizes Sizes { get; init; }

    /// <summary>The same on both servers.</summary>
    public required PromptMaker Prompts { get; init; }

    /// <summary>Names this run, e.g. <c>mixed/2</c>: the beginning of every prompt's key, the same on both servers.</summary>
    public required string Key { get; init; }

    /// <summary>Names this run and server among all that were ever made: the beginning of conversation ids.</summary>
    public required string ConversationPrefix { get; init; }

    public required int Seed { get; init; }

    /// <summary>Runs of the scenario in all.</summary>
    public required int Runs { get; init; }

    public required TimeProvider Clock { get; init; }

    /// <summary>Shows how far it is.</summary>
    public required Action<string> Report { get; init; }

    /// <summary>The server's process, when it was started here.</summary>
    public OwnedServer? Server { get; init; }

    /// <summary>Hold conversations by chat completions only.</summary>
    public bool ChatOnly { get; init; }

    public ChatClient Chat => new(Target, Clock);

    public TurnClient Turns => new(Target, Clock);

    /// <summary>Random numbers of this run, the same on both servers.</summary>
    public Random Random(string name) => NamedSeed.Of(Seed, $"{Key}/{name}");

    /// <summary>A conversation that does not exist yet, held in the best way that the server offers.</summary>
    public Dialogue Converse(string name, string system) =>
        Target.HasConversations && !ChatOnly ? new TurnDialogue(Turns, $"{ConversationPrefix}-{name}", system) : new ChatDialogue(Chat, system);
}
