using HybridConversations.Models;
using HybridConversations.Tests.Common;

namespace HybridConversations.Tests.Models;

public sealed class ModelLocatorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Finds_paths_known_names_and_files_of_the_folder()
    {
        var known = _folder.File(ModelCatalog.Find("smollm2-135m")!.Source.FileName);
        File.WriteAllText(known, "GGUF");
        File.WriteAllText(_folder.File("My-Model.gguf"), "GGUF");
        File.WriteAllText(_folder.File("other.gguf.part"), "GG");
        Assert.Equal(Path.GetFullPath(RepositoryFiles.DemoModel), ModelLocator.Find(RepositoryFiles.DemoModel, _folder.Path));
        Assert.Equal(known, ModelLocator.Find("SmolLM2-135M", _folder.Path));
        Assert.Equal(_folder.File("My-Model.gguf"), ModelLocator.Find("my-model", _folder.Path));
        Assert.Equal(_folder.File("My-Model.gguf"), ModelLocator.Find("My-Model.gguf", _folder.Path));
        Assert.Equal(["My-Model", "smollm2-135m"], LocalModels.List(_folder.Path).Select(m => m.Name));
    }

    [Fact]
    public void Says_how_to_get_what_is_missing()
    {
        Assert.Contains("hc models pull llama-3.2-3b", Message("Llama-3.2-3B"), StringComparison.Ordinal);
        Assert.Contains("holds none", Message("unknown"), StringComparison.Ordinal);
        File.WriteAllText(_folder.File("a.gguf"), "");
        Assert.Contains("holds a.", Message("unknown"), StringComparison.Ordinal);
        Assert.Contains("No model is named", Message(" "), StringComparison.Ordinal);
        Assert.Empty(LocalModels.List(_folder.File("none")));
    }

    [Theory]
    [InlineData("HC_MODELS=/m;XDG_DATA_HOME=/x;HOME=/h", "/m")]
    [InlineData("XDG_DATA_HOME=/x;HOME=/h", "/x/hybrid-conversations/models")]
    [InlineData("XDG_DATA_HOME=relative;HOME=/h", "/h/.local/share/hybrid-conversations/models")]
    [InlineData("HC_MODELS=;HOME=/h", "/h/.local/share/hybrid-conversations/models")]
    public void The_folder_comes_from_the_environment(string environment, string folder) => Assert.Equal(folder, ModelFolder.From(Variables(environment)));

    [Fact]
    public void Options_come_from_the_environment_and_are_checked_whole()
    {
        var options = ModelDownloaderOptions.From(Variables("HF_ENDPOINT=https://mirror.example/hf;HF_TOKEN= hf_x\n"));
        Assert.Equal(("https://mirror.example/hf", "hf_x"), (options.Endpoint.ToString(), options.Token));
        Assert.DoesNotContain("hf_x", options.ToString(), StringComparison.Ordinal);
        Assert.Equal("https://huggingface.co/", ModelDownloaderOptions.From(Variables("")).Endpoint.ToString());
        Assert.Throws<ProblemException>(() => ModelDownloaderOptions.From(Variables("HF_ENDPOINT=nowhere")));

        var wrong = new ModelDownloaderOptions { Endpoint = new Uri("http://mirror.example"), Token = "hf_x", FutileTries = 0, StallTimeout = TimeSpan.Zero };
        var message = Assert.Throws<ProblemException>(() => new ModelDownloader(wrong)).Message;
        Assert.All(new[] { "unprotected", "FutileTries", "StallTimeout" }, part => Assert.Contains(part, message, StringComparison.Ordinal));
        Assert.DoesNotContain("hf_x", message, StringComparison.Ordinal);
    }

    private static Func<string, string?> Variables(string text) =>
        name => text.Split(';').Select(v => v.Split('=', 2)).FirstOrDefault(v => v[0] == name)?[1];

    private string Message(string name) => Assert.Throws<ProblemException>(() => ModelLocator.Find(name, _folder.Path)).Message;
}
