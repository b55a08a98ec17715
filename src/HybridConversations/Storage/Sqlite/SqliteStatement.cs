using Microsoft.Data.Sqlite;

namespace HybridConversations.Storage.Sqlite;

/// <summary>A statement that is prepared once and run many times. Belongs to one thread at a time, as its connection does.</summary>
internal sealed class SqliteStatement : IDisposable
{
    private readonly SqliteCommand _command;

    public SqliteStatement(SqliteConnection connection, string sql, params ReadOnlySpan<string> parameters)
    {
        _command = connection.CreateCommand();
        _command.CommandText = sql;
        foreach (var name in parameters)
        {
            _command.Parameters.Add(new SqliteParameter("$" + name, DBNull.Value));
        }

        _command.Prepare();
    }

    public SqliteParameterCollection Parameters => _command.Parameters;

    public SqliteStatement With(string name, object? value)
    {
        _command.Parameters["$" + name].Value = value ?? DBNull.Value;
        return this;
    }

    /// <summary>Runs it and returns the number of rows that changed.</summary>
    public int Execute() => _command.ExecuteNonQuery();

    public SqliteDataReader Query() => _command.ExecuteReader();

    public void Dispose() => _command.Dispose();
}
