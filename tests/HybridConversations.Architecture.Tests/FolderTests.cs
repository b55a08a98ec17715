namespace HybridConversations.Architecture.Tests;

/// <summary>Between two folders of a project dependencies go one way (docs/code.md).</summary>
public sealed class FolderTests
{
    [Fact]
    public void No_way_leads_from_a_folder_back_to_it() => Assert.Equal("", string.Join('\n', new Folders(House.Uses).Circles()));
}
