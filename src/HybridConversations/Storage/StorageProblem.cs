using Microsoft.Data.Sqlite;

namespace HybridConversations.Storage;

/// <summary>What went wrong with the data folder, as a problem that says which file and what to do.</summary>
internal static class StorageProblem
{
    // SQLite's primary result codes, sqlite.org/rescode.html.
    private const int Busy = 5;
    private const int Locked = 6;
    private const int ReadOnly = 8;
    private const int InputOutput = 10;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int CannotOpen = 14;
    private const int NotADatabase = 26;

    public static ProblemException From(SqliteException error, string file) => error.SqliteErrorCode switch
    {
        Full => Retryable(
            $"There is no room left to write '{file}'. Free space on its disk (or raise the size limit of the store), then send the request again.", error),
        InputOutput => Retryable($"Reading or writing '{file}' failed ({error.Message}). Check the disk and its mount, then send the request again.", error),
        Busy or Locked => Retryable($"'{file}' is locked by another program. Close whatever has it open, then send the request again.", error),
        Corrupt or NotADatabase => Permanent(
            $"'{file}' is damaged or is not a database ({error.Message}). Put a backup in its place, "
            + "or move it and its -wal and -shm files away to begin with an empty history.", error),
        ReadOnly => Permanent($"'{file}' cannot be written. Give this user write permission to the file and its folder.", error),
        CannotOpen => Permanent($"'{file}' cannot be opened ({error.Message}). Check that the folder exists and that this user may read and write it.", error),
        _ => Retryable($"'{file}' could not be used: {error.Message}", error),
    };

    public static ProblemException Retryable(string what, Exception? inner = null) =>
        new(ProblemCodes.Unstored(what, retryAfterMs: 5000), inner);

    public static ProblemException Permanent(string what, Exception? inner = null) => new(ProblemCodes.Unstored(what), inner);

    /// <summary>The store is closed: its process is about to end.</summary>
    public static ProblemException Closed(string file) =>
        new(new Problem(ProblemCodes.Stopping, 503, $"'{file}' is closed. Send the same request again when the server is back.", Retryable: true, 5000));
}
