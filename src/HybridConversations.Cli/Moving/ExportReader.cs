using System.Runtime.CompilerServices;
using System.Text.Json;
using HybridConversations.Client.Wire;

namespace HybridConversations.Cli.Moving;

/// <summary>Reads what <see cref="ExportWriter"/> wrote.</summary>
/// <param name="path">The file.</param>
internal sealed class ExportReader(string path)
{
    /// <summary>Reads it to its end, to know before anything is done whether it is whole.</summary>
    /// <exception cref="ProblemException">It is not, or is none.</exception>
    public async Task<(int Conversations, long Turns)> Check(CancellationToken cancellationToken)
    {
        string? current = null;
        var (conversations, turns) = (0, 0L);
        await foreach (var page in Pages(cancellationToken))
        {
            conversations += page.Id == current ? 0 : 1;
            current = page.Id;
            turns += page.Turns.Count;
        }

        return (conversations, turns);
    }

    /// <summary>The pages, in order.</summary>
    /// <exception cref="ProblemException">The file is no export, of a later version, broken, or cut off.</exception>
    public async IAsyncEnumerable<ConversationPage> Pages([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var input = new StreamReader(path);
        var number = 1;
        CheckHead(await input.ReadLineAsync(cancellationToken));
        string? current = null;
        var (conversations, turns) = (0, 0L);
        while (await input.ReadLineAsync(cancellationToken) is { } line)
        {
            number++;
            if (line.Length == 0)
            {
                continue;
            }

            if (!line.Contains("\"id\"", StringComparison.Ordinal) && Parse(line, number, ExportJson.Default.ExportFormat) is { Conversations: { } all } end)
            {
                if (all != conversations || end.Turns != turns)
                {
                    throw Broken($"says that it has {all} conversations with {end.Turns} turns; {conversations} with {turns} are there");
                }

                yield break;
            }

            var page = Parse(line, number, WireJson.Answers.ConversationPage);
            if (page.Id is not { Length: > 0 } || page.Turns is null)
            {
                throw Broken($"line {number} is no page of a conversation");
            }

            conversations += page.Id == current ? 0 : 1;
            current = page.Id;
            turns += page.Turns.Count;
            yield return page;
        }

        throw Broken("has no end: it was cut off");
    }

    private void CheckHead(string? line)
    {
        var head = line is null ? null : Parse(line, 1, ExportJson.Default.ExportFormat);
        if (head?.Format != ExportFormat.Name)
        {
            throw Broken("is no export of conversations");
        }

        if (head.Version is null or < 1 or > ExportFormat.Newest)
        {
            throw Broken($"was written by a later release (version {head.Version}; this one reads up to {ExportFormat.Newest})");
        }
    }

    private T Parse<T>(string line, int number, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(line, type) ?? throw new JsonException("it is null.");
        }
        catch (JsonException error)
        {
            throw Broken($"line {number} cannot be read ({error.Message})");
        }
    }

    private ProblemException Broken(string why) => new(ProblemCodes.InvalidRequest($"'{path}' {why}. Nothing more of it is taken."));
}
