using HybridConversations.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace HybridConversations.Storage;

/// <summary>
/// A copy of a data folder, taken while a server writes it: SQLite's online backup of each database as it is at one moment, checked, and the file of keys. KV snapshots are left out:
/// they are a cache. To go back, start a server over the copy.
/// </summary>
public static class FolderBackup
{
    private static readonly string[] Others = ["keys.json"];
    private static readonly TimeSpan Busy = TimeSpan.FromSeconds(30);

    /// <summary>Takes it.</summary>
    /// <param name="folder">The data folder.</param>
    /// <param name="target">A folder that is not there yet.</param>
    /// <returns>The files that were copied.</returns>
    /// <exception cref="ProblemException">There is nothing to copy, the target is there, or a copy is not whole.</exception>
    public static IReadOnlyList<string> Take(string folder, string target)
    {
        var databases = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.db") : [];
        if (databases.Length == 0)
        {
            throw new ProblemException(ProblemCodes.InvalidRequest($"The folder '{folder}' holds no conversations. Name another one with --data."));
        }

        if (Path.Exists(target))
        {
            throw new ProblemException(ProblemCodes.InvalidRequest($"'{target}' is there already. Name a folder that is not."));
        }

        // Whole or not at all: it gets its name when it is.
        var partial = $"{target.TrimEnd('/')}.partial-{Guid.NewGuid():N}";
        try
        {
            DataFolderLock.CreateFolder(partial);
            var files = new List<string>();
            foreach (var database in databases)
            {
                Copy(database, Path.Combine(partial, Path.GetFileName(database)));
                files.Add(Path.GetFileName(database));
            }

            foreach (var other in Others.Where(name => File.Exists(Path.Combine(folder, name))))
            {
                File.Copy(Path.Combine(folder, other), Path.Combine(partial, other));
                files.Add(other);
            }

            Directory.Move(partial, target);
            return files;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or SqliteException)
        {
            throw StorageProblem.Permanent($"The backup '{target}' cannot be written ({error.Message}).", error);
        }
        finally
        {
            if (Directory.Exists(partial))
            {
                Directory.Delete(partial, recursive: true);
            }
        }
    }

    private static void Copy(string database, string target)
    {
        using var from = new SqliteFile(database, Busy).Open(readOnly: true);
        using var to = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = target, Pooling = false }.ToString());
        to.Open();
        from.BackupDatabase(to);
        using var check = to.CreateCommand();
        check.CommandText = "PRAGMA integrity_check";
        if (check.ExecuteScalar() as string is not "ok" and var fault)
        {
            throw StorageProblem.Permanent($"The copy of '{database}' is damaged ({fault}).");
        }
    }
}
