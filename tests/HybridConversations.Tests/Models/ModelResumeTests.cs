using HybridConversations.Models;
using HybridConversations.Tests.Common;
using Microsoft.AspNetCore.Http;

namespace HybridConversations.Tests.Models;

public sealed class ModelResumeTests : IDisposable
{
    private const int Bytes = 300_000;
    private static readonly ModelSource Source = new(HubServer.Repository, HubServer.File);
    private readonly TemporaryFolder _folder = new();

    private string Target => _folder.File(HubServer.File);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Connections_that_are_cut_again_and_again_are_continued()
    {
        await using var server = await HubServer.Start(Bytes);
        server.StoreFault = async context =>
        {
            await server.SendPart(context, 40_000);
            return true;
        };
        using var downloader = Downloader(server, futile: 2);
        var progress = new Recorder();
        await downloader.Pull(Source, _folder.Path, progress, default);
        Assert.Equal(server.Content, await File.ReadAllBytesAsync(Target));
        Assert.True(server.StoreRequests.Count >= 8);
        Assert.All(server.StoreRequests.Skip(1), r => Assert.Equal(server.StoreTag, r.IfRange));
        Assert.Contains(progress.Seen, p => p.Phase == DownloadPhase.Waiting && p.Note!.Contains("trying again", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_later_pull_goes_on_where_a_cancelled_one_stopped()
    {
        await using var server = await HubServer.Start(Bytes);
        using var cancel = new CancellationTokenSource();
        server.StoreFault = async context =>
        {
            var from = server.Head(context);
            await context.Response.Body.WriteAsync(server.Content.AsMemory(from, 100_000));
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            return true;
        };
        using var downloader = Downloader(server);
        var progress = new CancelAt(100_000, cancel);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => downloader.Pull(Source, _folder.Path, progress, cancel.Token));
        Assert.Equal([HubServer.File + ".part", HubServer.File + ".part.json"], _folder.Names);
        Assert.Empty(LocalModels.List(_folder.Path));

        server.StoreFault = _ => Task.FromResult(false);
        using var other = Downloader(server);
        await other.Pull(Source, _folder.Path, null, default);
        Assert.Equal("bytes=100000-", server.StoreRequests.Last().Range);
        Assert.Equal(server.Content, await File.ReadAllBytesAsync(Target));
        Assert.Equal([HubServer.File, HubServer.File + ".json"], _folder.Names);
    }

    [Fact]
    public async Task A_server_that_ignores_ranges_sends_all_again()
    {
        await using var server = await HubServer.Start(Bytes);
        server.IgnoresRanges = true;
        var requests = 0;
        server.StoreFault = async context =>
        {
            await server.SendPart(context, 120_000 * ++requests);
            return true;
        };
        using var downloader = Downloader(server);
        await downloader.Pull(Source, _folder.Path, null, default);
        Assert.Equal(3, requests);
        Assert.Equal(server.Content, await File.ReadAllBytesAsync(Target));
    }

    [Fact]
    public async Task A_server_that_ignores_ranges_and_always_cuts_at_one_place_is_given_up()
    {
        await using var server = await HubServer.Start(Bytes);
        server.IgnoresRanges = true;
        server.StoreFault = async context =>
        {
            await server.SendPart(context, 120_000);
            return true;
        };
        using var downloader = Downloader(server, futile: 3);
        var problem = await Assert.ThrowsAsync<ProblemException>(() => downloader.Pull(Source, _folder.Path, null, default));
        Assert.True(problem.Problem.Retryable);
        Assert.Contains("3 tries brought nothing new", problem.Message, StringComparison.Ordinal);
        Assert.InRange(server.StoreRequests.Count, 4, 8);
    }

    [Fact]
    public async Task Content_that_changed_in_the_store_is_downloaded_from_its_beginning()
    {
        await using var server = await HubServer.Start(Bytes);
        server.StoreFault = async context =>
        {
            if (server.StoreRequests.Count > 1)
            {
                return false;
            }

            await server.SendPart(context, 50_000);
            server.StoreTag = "\"tag-2\"";
            return true;
        };
        using var downloader = Downloader(server);
        await downloader.Pull(Source, _folder.Path, null, default);
        Assert.Equal("\"tag-1\"", server.StoreRequests.Last().IfRange);
        Assert.Equal(server.Content, await File.ReadAllBytesAsync(Target));
    }

    [Fact]
    public async Task What_was_left_of_another_revision_is_not_used()
    {
        await using var server = await HubServer.Start(Bytes);
        await File.WriteAllBytesAsync(Target + ".part", new byte[5000]);
        await File.WriteAllTextAsync(Target + ".part.json", $$"""{"Sha256":"{{new string('b', 64)}}","Bytes":{{Bytes}},"ETag":null}""");
        using var downloader = Downloader(server);
        await downloader.Pull(Source, _folder.Path, null, default);
        Assert.Null(Assert.Single(server.StoreRequests).Range);

        File.Delete(Target);
        await File.WriteAllBytesAsync(Target + ".part", new byte[5000]);
        await File.WriteAllTextAsync(Target + ".part.json", "not json");
        await downloader.Pull(Source, _folder.Path, null, default);
        Assert.Null(server.StoreRequests.Last().Range);
    }

    [Fact]
    public async Task A_part_that_is_whole_is_checked_and_needs_no_request()
    {
        await using var server = await HubServer.Start(Bytes);
        await File.WriteAllBytesAsync(Target + ".part", server.Content);
        await File.WriteAllTextAsync(Target + ".part.json", $$"""{"Sha256":"{{server.Hash}}","Bytes":{{Bytes}},"ETag":null}""");
        using var downloader = Downloader(server);
        Assert.False((await downloader.Pull(Source, _folder.Path, null, default)).AlreadyThere);
        Assert.Empty(server.StoreRequests);
    }

    [Fact]
    public async Task An_unsatisfiable_range_begins_again()
    {
        await using var server = await HubServer.Start(Bytes);
        await File.WriteAllBytesAsync(Target + ".part", server.Content[..1000]);
        await File.WriteAllTextAsync(Target + ".part.json", $$"""{"Sha256":"{{server.Hash}}","Bytes":{{Bytes}},"ETag":null}""");
        server.StoreFault = context =>
        {
            context.Response.StatusCode = 416;
            return Task.FromResult(context.Request.Headers.Range.Count > 0);
        };
        server.StoreFault = Once(server.StoreFault, () => server.StoreFault = _ => Task.FromResult(false));
        using var downloader = Downloader(server);
        await downloader.Pull(Source, _folder.Path, null, default);
        Assert.Equal(["bytes=1000-", null], server.StoreRequests.Select(r => r.Range));
        Assert.Equal(server.Content, await File.ReadAllBytesAsync(Target));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    public async Task A_connection_that_stalls_or_trickles_is_given_up_and_continued(int trickle)
    {
        await using var server = await HubServer.Start(Bytes);
        server.StoreFault = async context =>
        {
            if (server.StoreRequests.Count > 1)
            {
                return false;
            }

            var from = server.Head(context);
            await context.Response.Body.WriteAsync(server.Content.AsMemory(from, 50_000));
            await context.Response.Body.FlushAsync();
            for (var sent = 50_000; !context.RequestAborted.IsCancellationRequested; sent += trickle)
            {
                await Task.Delay(20, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
                await context.Response.Body.WriteAsync(server.Content.AsMemory(sent, trickle));
                await context.Response.Body.FlushAsync();
            }

            return true;
        };
        using var downloader = Downloader(server, stall: 1000);
        var progress = new Recorder();
        await downloader.Pull(Source, _folder.Path, progress, default);
        Assert.Contains(progress.Seen, p => p.Note?.Contains("less than", StringComparison.Ordinal) == true);
        Assert.InRange(server.StoreRequests.Count, 2, 4); // a busy machine may stall once more
        Assert.Equal(server.Content, await File.ReadAllBytesAsync(Target));
    }

    [Fact]
    public async Task A_hub_that_does_not_answer_is_given_up()
    {
        await using var server = await HubServer.Start(Bytes);
        server.HubFault = context =>
        {
            context.RequestAborted.WaitHandle.WaitOne();
            return true;
        };
        using var downloader = Downloader(server, futile: 2, stall: 100);
        var problem = await Assert.ThrowsAsync<ProblemException>(() => downloader.Pull(Source, _folder.Path, null, default));
        Assert.Contains("2 tries", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_at_the_address_is_told()
    {
        var server = await HubServer.Start(Bytes);
        var address = server.HubAddress;
        await server.DisposeAsync();
        using var downloader = new ModelDownloader(new ModelDownloaderOptions { Endpoint = address, FutileTries = 2, RetryDelay = TimeSpan.FromMilliseconds(1) });
        var problem = await Assert.ThrowsAsync<ProblemException>(() => downloader.Pull(Source, _folder.Path, null, default));
        Assert.Contains("127.0.0.1 cannot be reached", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(503)]
    [InlineData(429)]
    public async Task A_busy_hub_and_an_address_that_grew_old_are_tried_again(int status)
    {
        await using var server = await HubServer.Start(Bytes);
        var hub = 0;
        server.HubFault = context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.RetryAfter = "0";
            return ++hub % 2 == 1;
        };
        server.StoreFault = context =>
        {
            var isFirst = server.StoreRequests.Count == 1;
            context.Response.StatusCode = isFirst ? 403 : 200;
            return Task.FromResult(isFirst);
        };
        using var downloader = Downloader(server);
        await downloader.Pull(Source, _folder.Path, null, default);
        Assert.Equal(server.Content, await File.ReadAllBytesAsync(Target));
        Assert.Equal(2, server.StoreRequests.Count);
    }

    private static Func<HttpContext, Task<bool>> Once(Func<HttpContext, Task<bool>> fault, Action then) => context =>
    {
        then();
        return fault(context);
    };

    private static ModelDownloader Downloader(HubServer server, int futile = 6, int stall = 20_000) => new(new ModelDownloaderOptions
    {
        Endpoint = server.HubAddress,
        FutileTries = futile,
        RetryDelay = TimeSpan.FromMilliseconds(1),
        ReportEvery = TimeSpan.Zero,
        StallTimeout = TimeSpan.FromMilliseconds(stall),
    });

    private sealed class CancelAt(long bytes, CancellationTokenSource source) : IProgress<DownloadProgress>
    {
        public void Report(DownloadProgress value)
        {
            if (value.Phase == DownloadPhase.Downloading && value.Bytes >= bytes)
            {
                source.Cancel();
            }
        }
    }
}
