using System.Security.Cryptography;
using HybridConversations.Cli.Tests.Commands;
using HybridConversations.Tests.Common;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace HybridConversations.Cli.Tests.Models;

/// <summary>The real program against a hub of its own; how it goes on after broken connections is tested with the downloader.</summary>
public sealed class ModelPullTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hc-models-").FullName;
    private readonly byte[] _model = File.ReadAllBytes(RepositoryFiles.DemoModel);
    private readonly WebApplication _hub = WebApplication.CreateSlimBuilder().Build();

    public async Task InitializeAsync()
    {
        _hub.Urls.Add("http://127.0.0.1:0");
        _hub.MapMethods("/owner/repository/resolve/{revision}/demo.gguf", ["GET", "HEAD"], async context =>
        {
            context.Response.Headers["X-Linked-Size"] = _model.Length.ToString(System.Globalization.CultureInfo.InvariantCulture);
            context.Response.Headers["X-Linked-ETag"] = $"\"{Convert.ToHexStringLower(SHA256.HashData(_model))}\"";
            context.Response.ContentLength = _model.Length;
            if (HttpMethods.IsGet(context.Request.Method))
            {
                await context.Response.Body.WriteAsync(_model);
            }
        });
        await _hub.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _hub.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_model_is_pulled_listed_described_and_found_by_its_name()
    {
        var target = Path.Combine(_folder, "demo.gguf");
        var pull = await Hc("models", "pull", "owner/repository/demo.gguf");
        Assert.Equal((0, target + "\n"), (pull.ExitCode, pull.Output));
        Assert.Contains($"demo.gguf is here, 3.6 MB, SHA-256 {Convert.ToHexStringLower(SHA256.HashData(_model))}", pull.Errors);
        Assert.Equal(_model, await File.ReadAllBytesAsync(target));

        var again = await Hc("models", "pull", "owner/repository/demo.gguf");
        Assert.Equal((0, target + "\n"), (again.ExitCode, again.Output));
        Assert.Contains("was here already", again.Errors);

        var list = await Hc("models", "list");
        Assert.Contains("owner/repository", list.Output);
        Assert.Contains("llama-3.2-3b", list.Output);

        var info = await Hc("models", "info", "demo");
        Assert.Equal((0, ""), (info.ExitCode, info.Errors));
        Assert.Contains($"SHA-256        {Convert.ToHexStringLower(SHA256.HashData(_model))}", info.Output);
        Assert.Contains("Q8_0", info.Output);
    }

    [Theory]
    [InlineData("pull nonsense", "is no model that can be pulled")]
    [InlineData("pull owner/repository/other.gguf", "owner/repository")]
    [InlineData("info nonsense", "There is no model 'nonsense'")]
    [InlineData("info {0}/appsettings.json", "is not a GGUF file")]
    [InlineData("info {0}/cut.gguf", "cut.gguf")]
    public async Task What_cannot_be_had_gets_one_line(string arguments, string line)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "appsettings.json"), "{}");
        await File.WriteAllBytesAsync(Path.Combine(_folder, "cut.gguf"), _model[..1000]);
        var run = await Hc(["models", .. string.Format(System.Globalization.CultureInfo.InvariantCulture, arguments, _folder).Split(' ')]);
        Assert.InRange(run.ExitCode, 1, 2);
        Assert.Equal("", run.Output);
        Assert.Contains(line, Assert.Single(run.ErrorLines));
    }

    private Task<HcProcess> Hc(params string[] arguments) => HcProcess.Run(
        arguments, "", new() { ["HF_ENDPOINT"] = _hub.Urls.First(), ["HC_MODELS"] = _folder, ["XDG_CACHE_HOME"] = _folder }, _folder);
}
