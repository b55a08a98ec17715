using System.Text.Json;
using HybridConversations.Client.Wire;

namespace HybridConversations.Cli.Moving;

/// <summary>Writes conversations as JSON lines (<see cref="ExportFormat"/>). Turns that still run are left out: they have no end yet.</summary>
internal sealed class ExportWriter(TextWriter output)
{
    private string? _current;

    /// <summary>Conversations written so far.</summary>
    public int Conversations { get; private set; }

    /// <summary>Turns written so far.</summary>
    public long Turns { get; private set; }

    public Task Begin(CancellationToken cancellationToken) =>
        Line(JsonSerializer.Serialize(new ExportFormat(ExportFormat.Name, ExportFormat.Newest, TimeProvider.System.GetUtcNow()), ExportJson.Default.ExportFormat), cancellationToken);

    /// <summary>A page of a conversation; those of one follow each other.</summary>
    public async Task Write(ConversationPage page, CancellationToken cancellationToken)
    {
        var ended = page.Turns.Where(turn => turn.State != TurnState.Running).ToList();
        if (page.Id != _current)
        {
            (_current, Conversations) = (page.Id, Conversations + 1);
        }

        Turns += ended.Count;
        await Line(JsonSerializer.Serialize(page with { Turns = ended }, WireJson.Answers.ConversationPage), cancellationToken);
    }

    public async Task End(CancellationToken cancellationToken)
    {
        await Line(JsonSerializer.Serialize(new ExportFormat(Conversations: Conversations, Turns: Turns), ExportJson.Default.ExportFormat), cancellationToken);
        await output.FlushAsync(cancellationToken);
    }

    private async Task Line(string json, CancellationToken cancellationToken)
    {
        await output.WriteAsync(json.AsMemory(), cancellationToken);
        await output.WriteAsync("\n".AsMemory(), cancellationToken);
    }
}
