using HybridConversations.Bench.Http;

namespace HybridConversations.Bench.Scenarios;

/// <summary>The conversations of one run of <c>restart</c>. Where llama-server keeps slot files, each is saved after its turn and restored before its next.</summary>
internal sealed class RestartRun(ScenarioContext context)
{
    private readonly List<Dialogue> _conversations = [];
    private readonly List<ReplyTrace> _firstReads = [];
    private readonly List<ReplyTrace> _whileRunning = [];
    private readonly List<ReplyTrace> _afterRestart = [];
    private readonly List<double> _restoreMs = [];
    private readonly SlotFiles _files = new(context.Target);

    public IReadOnlyList<ReplyTrace> FirstReads => _firstReads;

    public IReadOnlyList<ReplyTrace> WhileRunning => _whileRunning;

    public IReadOnlyList<ReplyTrace> AfterRestart => _afterRestart;

    /// <summary>What restoring its slot took ahead of each turn after the restart, in milliseconds; zeros without slot files.</summary>
    public IReadOnlyList<double> RestoreMs => _restoreMs;

    public bool UsesSlotFiles { get; private set; }

    /// <summary>The first turn of each conversation, and a second.</summary>
    public async Task Begin(CancellationToken cancellationToken)
    {
        UsesSlotFiles = context.Target.Slots is > 0;
        for (var index = 0; index < context.Sizes.RestartConversations; index++)
        {
            context.Report($"conversation {index + 1} of {context.Sizes.RestartConversations}");
            var prompt = context.Prompts.Chat(context.Sizes.History, $"{context.Key}/{index}");
            _conversations.Add(context.Converse($"restart-{index}", prompt.System));
            _firstReads.Add(await Say(index, "first read", prompt.User, cancellationToken));
            _whileRunning.Add(await Say(index, "while running", Text(index, "second"), cancellationToken));
            UsesSlotFiles = UsesSlotFiles && await _files.TrySave(Slot(index)!.Value, File(index), cancellationToken);
        }
    }

    /// <summary>The next turn of each, in a new process.</summary>
    public async Task GoOn(CancellationToken cancellationToken)
    {
        for (var index = 0; index < _conversations.Count; index++)
        {
            context.Report($"after the restart: {index + 1} of {_conversations.Count}");
            var started = context.Clock.GetTimestamp();
            if (UsesSlotFiles)
            {
                await _files.Restore(Slot(index)!.Value, File(index), cancellationToken);
            }

            _restoreMs.Add(UsesSlotFiles ? context.Clock.GetElapsedTime(started).TotalMilliseconds : 0);
            _afterRestart.Add(await Say(index, "after restart", Text(index, "third"), cancellationToken));
        }
    }

    public Task Forget() => Task.WhenAll(_conversations.Select(conversation => conversation.Forget()));

    private Task<ReplyTrace> Say(int index, string role, string text, CancellationToken cancellationToken) =>
        _conversations[index].Say(role, text, context.Sizes.TurnTokens, Slot(index), cancellationToken);

    private string Text(int index, string turn) => context.Prompts.Text(context.Sizes.Turn, $"{context.Key}/{index}/{turn}");

    private int? Slot(int index) => context.Target.Slots is > 0 and var slots ? index % slots : null;

    private static string File(int index) => $"hc-bench-{index}.bin";
}
