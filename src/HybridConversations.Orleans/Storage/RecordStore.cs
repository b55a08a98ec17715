using Orleans.Storage;

namespace HybridConversations.Orleans.Storage;

/// <summary>A record as it was last read or written, with the tag that the next write must show.</summary>
internal sealed record Stored<T>(T Record, string? Tag);

/// <summary>The states of one conversation's grain, by name. Every write succeeds only when nobody else has written meanwhile.</summary>
internal sealed class RecordStore(IGrainStorage storage, GrainId grain)
{
    public const string Head = "head";
    private const int MaxReason = 200;

    public static string Page(int number) => $"page-{number}";

    public static string Contents(int number) => $"contents-{number}";

    public async Task<Stored<T>> Read<T>(string name)
        where T : class, new()
    {
        var state = new GrainState<T>();
        try
        {
            await storage.ReadStateAsync(name, grain, state);
        }
        catch (Exception error) when (error is not ProblemException)
        {
            throw Failed($"Reading '{name}' of {grain}", error);
        }

        return new Stored<T>(state.RecordExists && state.State is not null ? state.State : new T(), state.ETag);
    }

    /// <exception cref="InconsistentStateException">Somebody else has written.</exception>
    /// <exception cref="ProblemException"><c>storage-failed</c>; it may have been written all the same.</exception>
    public async Task<Stored<T>> Write<T>(string name, T record, string? tag)
        where T : class, new()
    {
        var state = new GrainState<T>(record, tag) { RecordExists = tag is not null };
        try
        {
            await storage.WriteStateAsync(name, grain, state);
        }
        catch (Exception error) when (error is not (InconsistentStateException or ProblemException))
        {
            throw Failed($"Writing '{name}' of {grain}", error);
        }

        return new Stored<T>(record, state.ETag);
    }

    public async Task Clear<T>(string name)
        where T : class, new()
    {
        var read = await Read<T>(name);
        var state = new GrainState<T>(read.Record, read.Tag) { RecordExists = read.Tag is not null };
        try
        {
            await storage.ClearStateAsync(name, grain, state);
        }
        catch (Exception error) when (error is not (InconsistentStateException or ProblemException))
        {
            throw Failed($"Clearing '{name}' of {grain}", error);
        }
    }

    private static ProblemException Failed(string what, Exception error) => new(
        ProblemCodes.Unstored($"{what} failed ({Short(error)}). Check that Redis runs and can be reached, then send the same request again.", retryAfterMs: 2000),
        error);

    /// <summary>What Redis's client says of a time-out fills a page; the log has it.</summary>
    private static string Short(Exception error) => error.Message.Contains("Timeout", StringComparison.Ordinal) ? "it took too long"
        : error.Message.ReplaceLineEndings(" ") is { Length: > MaxReason } text ? text[..MaxReason] + "…"
        : error.Message;
}
