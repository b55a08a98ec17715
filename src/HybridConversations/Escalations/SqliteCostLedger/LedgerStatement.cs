using Microsoft.Data.Sqlite;

namespace HybridConversations.Escalations;

/// <summary>A statement that is parsed once and run often, with parameters <c>$0</c>, <c>$1</c>, ….</summary>
internal sealed class LedgerStatement : IDisposable
{
    private readonly SqliteCommand _command;

    public LedgerStatement(SqliteConnection connection, string sql, int parameters)
    {
        _command = connection.CreateCommand();
        _command.CommandText = sql;
        for (var i = 0; i < parameters; i++)
            _command.Parameters.Add(new SqliteParameter { ParameterName = "$" + i });
    }

    public SqliteCommand With(params ReadOnlySpan<object> values)
    {
        for (var i = 0; i < values.Length; i++)
            _command.Parameters[i].Value = values[i];
        return _command;
    }

    public void Dispose() => _command.Dispose();
}
