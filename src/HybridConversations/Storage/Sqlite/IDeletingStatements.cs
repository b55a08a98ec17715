namespace HybridConversations.Storage.Sqlite;

/// <summary>Statements that may delete what must not be found in any file afterwards, the journal included.</summary>
internal interface IDeletingStatements
{
    /// <summary>Something was deleted since the journal was last emptied.</summary>
    bool HasDeleted { get; set; }
}
