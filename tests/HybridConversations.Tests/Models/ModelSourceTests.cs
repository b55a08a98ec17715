using HybridConversations.Models;

namespace HybridConversations.Tests.Models;

public sealed class ModelSourceTests
{
    [Theory]
    [InlineData("../x", "a.gguf")]
    [InlineData("owner", "a.gguf")]
    [InlineData("owner/name/more", "a.gguf")]
    [InlineData("owner/..", "a.gguf")]
    [InlineData("own er/name", "a.gguf")]
    [InlineData("owner/name", "../../a.gguf")]
    [InlineData("owner/name", "..gguf")]
    [InlineData("owner/name", "/etc/a.gguf")]
    [InlineData("owner/name", "a/../b.gguf")]
    [InlineData("owner/name", "a%2e%2e/b.gguf")]
    [InlineData("owner/name", "a\\b.gguf")]
    [InlineData("owner/name", ".hidden.gguf")]
    [InlineData("owner/name", "a.gguf\n")]
    [InlineData("owner/name", "a.bin")]
    [InlineData("owner/name", "a.gguf?x=1")]
    [InlineData("owner/name", "big-00001-of-00003.gguf")]
    [InlineData("owner/name", "a.gguf", "main/../x")]
    [InlineData("owner/name", "a.gguf", "main", "abc")]
    public void Hostile_and_impossible_names_are_refused(string repository, string file, string revision = "main", string? sha256 = null) =>
        Assert.Equal(ProblemCodes.Invalid, Assert.Throws<ProblemException>(() => new ModelSource(repository, file, revision, sha256)).Problem.Code);

    [Fact]
    public void Every_error_is_told_at_once()
    {
        var message = Assert.Throws<ProblemException>(() => new ModelSource("x", "y", "..", "z")).Message;
        Assert.All(new[] { "'x'", "'y'", "'..'", "'z'" }, part => Assert.Contains(part, message, StringComparison.Ordinal));
    }

    [Fact]
    public void Names_and_addresses_are_read()
    {
        Assert.Equal("bartowski/Llama-3.2-3B-Instruct-GGUF", ModelSource.Parse("LLAMA-3.2-3b").Repository);
        var source = ModelSource.Parse("owner/name/folder/a-00001-of-00001.gguf@v1.0");
        Assert.Equal(("owner/name", "folder/a-00001-of-00001.gguf", "a-00001-of-00001.gguf", "v1.0"), (source.Repository, source.File, source.FileName, source.Revision));
        Assert.Contains("smollm2-135m", Assert.Throws<ProblemException>(() => ModelSource.Parse("gpt-5")).Message, StringComparison.Ordinal);
        Assert.Equal(new ModelSource("a/b", "c.gguf"), ModelSource.Parse("a/b/c.gguf"));
    }

    [Fact]
    public void The_catalog_is_consistent()
    {
        Assert.Equal(ModelCatalog.Models.Count, ModelCatalog.Models.Select(m => m.Source.FileName).Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.All(ModelCatalog.Models, m => Assert.Same(m, ModelCatalog.Find(m.Name.ToUpperInvariant())));
        Assert.Null(ModelCatalog.Find("none"));
    }
}
