namespace HybridConversations.Storage;

/// <summary>Settings of <see cref="SqliteConversationStore"/>.</summary>
public sealed record SqliteStoreOptions
{
    /// <summary>Folder that holds <c>conversations.db</c>; created where it is missing.</summary>
    public required string Folder { get; init; }

    /// <summary>Size of the database file at most, in bytes, from 1 MiB; past it turns are refused with <c>storage-failed</c>. Null: as large as the disk.</summary>
    public long? MaxBytes { get; init; }

    /// <summary>Writes that may wait for the disk, 1 to 1,000,000; past it they are refused with <c>overloaded</c>.</summary>
    public int MaxQueuedWrites { get; init; } = 4096;

    /// <summary>Connections for reading, 1 to 64.</summary>
    public int Readers { get; init; } = 4;

    /// <summary>How long to wait for another program that has the file locked, 0 to 60 s.</summary>
    public TimeSpan BusyTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Checks every setting.</summary>
    /// <exception cref="ProblemException"><c>invalid-request</c> with every error in one message.</exception>
    public void Validate()
    {
        var errors = new List<string>();
        Check(!string.IsNullOrWhiteSpace(Folder), "Folder must name a folder.");
        Check(MaxBytes is null or >= 1 << 20, $"MaxBytes is {MaxBytes}; it must be at least 1,048,576, or null.");
        Check(MaxQueuedWrites is >= 1 and <= 1_000_000, $"MaxQueuedWrites is {MaxQueuedWrites}; it must be from 1 to 1,000,000.");
        Check(Readers is >= 1 and <= 64, $"Readers is {Readers}; it must be from 1 to 64.");
        Check(BusyTimeout >= TimeSpan.Zero && BusyTimeout <= TimeSpan.FromSeconds(60), $"BusyTimeout is {BusyTimeout}; it must be from 0 to 60 seconds.");
        if (errors.Count > 0)
        {
            throw new ProblemException(ProblemCodes.InvalidRequest("The settings of the store are not valid. " + string.Join(' ', errors)));
        }

        void Check(bool holds, string error)
        {
            if (!holds)
            {
                errors.Add(error);
            }
        }
    }
}
