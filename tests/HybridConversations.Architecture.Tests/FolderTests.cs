namespace HybridConversations.Architecture.Tests;

/// <summary>Between two folders of a project dependencies go one way (docs/code.md).</summary>
public sealed class FolderTests
{
    private static readonly SourceFolders Source = new();

    [Fact]
    public void No_way_leads_from_a_folder_back_to_it()
    {
        var uses = from use in House.Uses
                   where use.FromProject == use.ToProject
                   let @from = Source.Of(use.From.FullName)
                   let to = Source.Of(use.To.FullName)
                   where @from is not null && to is not null
                   select new Arrow(@from, to, use.ToString());

        Assert.Equal("", string.Join('\n', new Folders(uses.Concat(Source.Constants())).Circles()));
    }

    /// <summary>Else what is not found would count as clean.</summary>
    [Fact]
    public void Every_type_of_the_house_has_a_folder() =>
        Assert.DoesNotContain(House.Uses.Select(use => use.From.FullName).Distinct(), name => !name.Contains('<', StringComparison.Ordinal) && Source.Of(name) is null);
}
