using System.Collections.Concurrent;
using HybridConversations.Models;
using HybridConversations.Tests.Common;

namespace HybridConversations.Tests.Models;

public sealed class ModelDownloaderTests : IDisposable
{
    private const int Bytes = 300_000;
    private static readonly ModelSource Source = new(HubServer.Repository, HubServer.File);
    private readonly TemporaryFolder _folder = new();

    private string Target => _folder.File(HubServer.File);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Pulls_checks_and_puts_in_place()
    {
        await using var server = await HubServer.Start(Bytes);
        using var downloader = Downloader(server);
        var progress = new Recorder();
        var model = await downloader.Pull(Source, _folder.Path, progress, default);

        Assert.Equal(new DownloadedModel(Target, server.Hash!, Bytes, false), model);
        Assert.Equal(server.Content, await File.ReadAllBytesAsync(Target));
        Assert.Equal([HubServer.File, HubServer.File + ".json"], _folder.Names);
        Assert.Equal(DownloadPhase.Resolving, progress.Seen.First().Phase);
        Assert.Equal(new DownloadProgress(DownloadPhase.Done, Bytes, Bytes), progress.Seen.Last());

        // The bytes are asked for at the commit whose hash was told.
        Assert.Equal(["HEAD", "GET"], server.HubRequests.Select(r => r.Method));
        Assert.Contains(HubServer.Commit, server.HubRequests.Last().Path, StringComparison.Ordinal);

        var listed = Assert.Single(LocalModels.List(_folder.Path));
        Assert.Equal((HubServer.Repository, server.Hash), (listed.Repository, listed.Sha256));
    }

    [Fact]
    public async Task What_is_there_is_not_downloaded_again_whoever_put_it_there()
    {
        await using var server = await HubServer.Start(Bytes);
        using var downloader = Downloader(server);
        await File.WriteAllBytesAsync(Target, server.Content);
        Assert.True((await downloader.Pull(Source, _folder.Path, null, default)).AlreadyThere);
        Assert.True((await downloader.Pull(Source, _folder.Path, null, default)).AlreadyThere);
        Assert.Empty(server.StoreRequests);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_file_that_was_damaged_since_is_found_and_mended(bool cut)
    {
        await using var server = await HubServer.Start(Bytes);
        using var downloader = Downloader(server);
        await downloader.Pull(Source, _folder.Path, null, default);
        var bytes = await File.ReadAllBytesAsync(Target);
        bytes[Bytes / 2] ^= 1;
        await File.WriteAllBytesAsync(Target, cut ? bytes[..(Bytes / 2)] : bytes);

        Assert.False((await downloader.Pull(Source, _folder.Path, null, default)).AlreadyThere);

        Assert.Equal(server.Content, await File.ReadAllBytesAsync(Target));
        Assert.True((await downloader.Pull(Source, _folder.Path, null, default)).AlreadyThere);
    }

    [Fact]
    public async Task A_new_revision_replaces_the_old_one_and_a_strange_file_is_left_alone()
    {
        await using var server = await HubServer.Start(Bytes);
        using var downloader = Downloader(server);
        await downloader.Pull(Source, _folder.Path, null, default);

        await using var newer = await HubServer.Start(Bytes, seed: 2);
        using var again = Downloader(newer);
        Assert.False((await again.Pull(Source, _folder.Path, null, default)).AlreadyThere);
        Assert.Equal(newer.Content, await File.ReadAllBytesAsync(Target));

        File.Delete(Target + ".json");
        await File.WriteAllTextAsync(Target, "mine");
        await Fails(again, "other content");
        Assert.Equal("mine", await File.ReadAllTextAsync(Target));
    }

    [Fact]
    public async Task The_token_goes_to_the_hub_and_never_to_the_store()
    {
        await using var server = await HubServer.Start(Bytes);
        using var downloader = Downloader(server, token: "hf_secret");
        await downloader.Pull(Source, _folder.Path, null, default);
        Assert.All(server.HubRequests, r => Assert.Equal("Bearer hf_secret", r.Authorization));
        Assert.All(server.StoreRequests, r => Assert.Null(r.Authorization));
        Assert.NotEmpty(server.StoreRequests);
    }

    [Fact]
    public async Task A_hash_that_the_store_tells_is_not_believed()
    {
        await using var server = await HubServer.Start(Bytes);
        var hash = server.Hash;
        server.Hash = null;
        server.StoreFault = context =>
        {
            context.Response.Headers["X-Linked-ETag"] = $"\"{hash}\"";
            context.Response.Headers.ETag = $"\"{hash}\"";
            return Task.FromResult(false);
        };
        using var downloader = Downloader(server);
        await Fails(downloader, "does not say the SHA-256");
        Assert.Empty(_folder.Names);
    }

    [Fact]
    public async Task A_hub_without_store_and_linked_headers_works_with_a_hash_of_ones_own()
    {
        await using var server = await HubServer.Start(Bytes);
        server.HubFault = context =>
        {
            server.StoreTag = "\"anything\"";
            var from = server.Head(context);
            context.Response.Body.WriteAsync(context.Request.Method == "HEAD" ? default : server.Content.AsMemory(from)).AsTask().Wait();
            return true;
        };
        using var downloader = Downloader(server);
        var pinned = new ModelSource(HubServer.Repository, HubServer.File, sha256: server.Hash);
        Assert.Equal(server.Hash, (await downloader.Pull(pinned, _folder.Path, null, default)).Sha256);
    }

    [Fact]
    public async Task A_hash_of_ones_own_that_differs_from_the_hubs_stops_before_a_byte_comes()
    {
        await using var server = await HubServer.Start(Bytes);
        using var downloader = Downloader(server);
        var pinned = new ModelSource(HubServer.Repository, HubServer.File, sha256: new string('a', 64));
        var problem = await Assert.ThrowsAsync<ProblemException>(() => downloader.Pull(pinned, _folder.Path, null, default));
        Assert.Contains("is wanted", problem.Message, StringComparison.Ordinal);
        Assert.Empty(server.StoreRequests);
    }

    [Fact]
    public async Task Wrong_content_is_set_aside_and_the_next_pull_begins_again()
    {
        await using var server = await HubServer.Start(Bytes);
        var right = server.Content;
        server.Content = [.. right];
        server.Content[1234] ^= 1;
        using var downloader = Downloader(server);
        await Fails(downloader, ".corrupt");
        Assert.Equal([HubServer.File + ".corrupt"], _folder.Names);

        server.Content = right;
        Assert.False((await downloader.Pull(Source, _folder.Path, null, default)).AlreadyThere);
        Assert.Null(server.StoreRequests.Last().Range);
    }

    [Theory]
    [InlineData(true, "sends")]
    [InlineData(false, "longer than")]
    public async Task A_wrong_size_is_told(bool withLength, string message)
    {
        await using var server = await HubServer.Start(Bytes);
        server.AnnouncedBytes = Bytes - 10;
        server.StoreFault = async context =>
        {
            if (!withLength)
            {
                await context.Response.Body.WriteAsync(server.Content);
            }

            return !withLength;
        };
        using var downloader = Downloader(server);
        await Fails(downloader, message);
        Assert.Empty(_folder.Names);
    }

    [Fact]
    public async Task A_full_disk_is_told_before_anything_is_downloaded()
    {
        await using var server = await HubServer.Start(Bytes);
        using var downloader = Downloader(server, freeSpace: 1000);
        await Fails(downloader, "HC_MODELS");
        Assert.Empty(server.StoreRequests);
        Assert.Empty(_folder.Names);
    }

    [Fact]
    public async Task Two_pulls_of_one_file_do_not_meet()
    {
        await using var server = await HubServer.Start(Bytes);
        var reached = new TaskCompletionSource();
        var goOn = new TaskCompletionSource();
        server.StoreFault = async _ =>
        {
            reached.TrySetResult();
            await goOn.Task;
            return false;
        };
        using var downloader = Downloader(server);
        var first = downloader.Pull(Source, _folder.Path, null, default);
        await reached.Task;
        using var other = Downloader(server);
        var problem = await Assert.ThrowsAsync<ProblemException>(() => other.Pull(Source, _folder.Path, null, default));
        Assert.True(problem.Problem.Retryable);
        goOn.SetResult();
        await first;
        Assert.True((await other.Pull(Source, _folder.Path, null, default)).AlreadyThere);
    }

    [Theory]
    [InlineData(401, "RepoNotFound", false, "set HF_TOKEN")]
    [InlineData(401, null, true, "no access")]
    [InlineData(401, "GatedRepo", false, "Accept its licence")]
    [InlineData(403, "GatedRepo", true, "token that is set has no access")]
    [InlineData(403, null, false, "Accept its licence")]
    [InlineData(404, "EntryNotFound", false, "There is no file")]
    [InlineData(400, null, false, "HTTP 400")]
    public async Task A_refusal_says_what_to_do_and_is_not_tried_again(int status, string? code, bool token, string message)
    {
        await using var server = await HubServer.Start(Bytes);
        server.HubFault = context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers["X-Error-Code"] = code;
            return true;
        };
        using var downloader = Downloader(server, token ? "hf_x" : null);
        await Fails(downloader, message);
        Assert.Single(server.HubRequests);
    }

    [Theory]
    [InlineData("ftp://127.0.0.1/x", "not followed")]
    [InlineData("http://[", "not followed")]
    [InlineData(null, "redirects more than")]
    public async Task Redirects_to_nowhere_end(string? location, string message)
    {
        await using var server = await HubServer.Start(Bytes);
        server.HubFault = context =>
        {
            context.Response.StatusCode = 302;
            context.Response.Headers.Location = location ?? context.Request.Path.ToString();
            return true;
        };
        using var downloader = Downloader(server);
        await Fails(downloader, message);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_told()
    {
        await using var server = await HubServer.Start(Bytes);
        using var downloader = Downloader(server);
        await File.WriteAllTextAsync(_folder.File("file"), "");
        var problem = await Assert.ThrowsAsync<ProblemException>(() => downloader.Pull(Source, _folder.File("file"), null, default));
        Assert.Contains("cannot be stored", problem.Message, StringComparison.Ordinal);
    }

    private static ModelDownloader Downloader(HubServer server, string? token = null, long freeSpace = long.MaxValue) => new(new ModelDownloaderOptions
    {
        Endpoint = server.HubAddress,
        Token = token,
        RetryDelay = TimeSpan.FromMilliseconds(1),
        FreeSpace = _ => freeSpace,
    });

    private async Task Fails(ModelDownloader downloader, string message)
    {
        var problem = await Assert.ThrowsAsync<ProblemException>(() => downloader.Pull(Source, _folder.Path, null, default));
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
    }
}

internal sealed class Recorder : IProgress<DownloadProgress>
{
    public ConcurrentQueue<DownloadProgress> Seen { get; } = new();

    public void Report(DownloadProgress value) => Seen.Enqueue(value);
}
