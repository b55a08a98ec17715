using System.Buffers;
using System.Net;
using System.Security.Cryptography;

namespace HybridConversations.Models;

/// <summary>
/// Pulls models from the Hugging Face hub: goes on where an earlier pull broke off, checks size and SHA-256, and puts the file in its place only when it is right.
/// Thread-safe; one pull of a file at a time, also across processes.
/// </summary>
public sealed class ModelDownloader : IDisposable
{
    private const int BufferBytes = 1 << 18;
    private const long SpareBytes = 64L << 20;
    private readonly ModelDownloaderOptions _options;
    private readonly HubClient _hub;

    /// <param name="options">Null: from the environment.</param>
    /// <exception cref="ProblemException">Options are wrong; the message names each.</exception>
    public ModelDownloader(ModelDownloaderOptions? options = null)
    {
        _options = options ?? ModelDownloaderOptions.FromEnvironment();
        _options.Validate();
        _hub = new HubClient(_options);
    }

    /// <inheritdoc/>
    public void Dispose() => _hub.Dispose();

    /// <summary>Brings a model file into a folder.</summary>
    /// <param name="source">What to pull.</param>
    /// <param name="folder">Where to; it is made when it is not there. See <see cref="ModelFolder.Default"/>.</param>
    /// <param name="progress">Hears of every step, at most some ten times a second.</param>
    /// <param name="cancellationToken">Ends the pull; what has come is kept for the next one.</param>
    /// <exception cref="ProblemException">It cannot be had, does not fit the disk, came wrong, or is being pulled already; the message says what to do.</exception>
    public async Task<DownloadedModel> Pull(ModelSource source, string folder, IProgress<DownloadProgress>? progress, CancellationToken cancellationToken)
    {
        try
        {
            var target = Path.Combine(Directory.CreateDirectory(folder).FullName, source.FileName);
            return await Pull(source, target, folder, progress, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw ModelProblems.Failed($"{source.FileName} cannot be stored in {folder}: {e.Message} What has come is kept.", inner: e);
        }
    }

    private async Task<DownloadedModel> Pull(
        ModelSource source, string target, string folder, IProgress<DownloadProgress>? progress, CancellationToken cancellationToken)
    {
        using var alone = PullLock.Take(target);
        var retries = new PullRetries(_options);
        progress?.Report(new DownloadProgress(DownloadPhase.Resolving, 0, 0));
        var file = await Try(
            guard => _hub.Resolve(source, guard.Token), retries, () => new DownloadProgress(DownloadPhase.Waiting, 0, 0), progress, cancellationToken).ConfigureAwait(false);
        var report = new ThrottledProgress(progress, file.Bytes, _options.Time, _options.ReportEvery);
        if (await IsThere(target, file, report, cancellationToken).ConfigureAwait(false))
        {
            return Done(target, file, report, alreadyThere: true);
        }

        using (var part = await PartialFile.Open(target, file, bytes => report.Report(DownloadPhase.Checking, bytes), cancellationToken).ConfigureAwait(false))
        {
            CheckSpace(folder, file, part);
            while (!part.Complete)
            {
                await Try(
                    guard => Fetch(file, part, report, guard),
                    retries,
                    () => new DownloadProgress(DownloadPhase.Waiting, part.Bytes, file.Bytes),
                    progress,
                    cancellationToken).ConfigureAwait(false);
            }

            part.Finish();
        }

        return Done(target, file, report, alreadyThere: false);
    }

    private static DownloadedModel Done(string target, HubFile file, ThrottledProgress report, bool alreadyThere)
    {
        new ModelRecord(file.Source.Repository, file.Source.File, file.Revision, file.Sha256, file.Bytes).Write(target);
        report.Report(DownloadPhase.Done, file.Bytes);
        return new DownloadedModel(target, file.Sha256, file.Bytes, alreadyThere);
    }

    private static async Task<bool> IsThere(string target, HubFile file, ThrottledProgress report, CancellationToken cancellationToken)
    {
        if (!File.Exists(target))
        {
            return false;
        }

        // The file is believed, not its record: a disk may have lost a bit, or the end.
        if (await HashOf(target, report, cancellationToken).ConfigureAwait(false) == file.Sha256)
        {
            return true;
        }

        // What is whole replaces what was pulled from the same place, an older revision or a damaged file, never one that came another way.
        var record = ModelRecord.ReadAny(target);
        return record?.Repository == file.Source.Repository && record.File == file.Source.File
            ? false
            : throw ModelProblems.Failed(
                $"{target} is there already, with other content than {file.Source.Repository}/{file.Source.File} and not pulled from there. Move "
                    + "it away, or pull into another folder.");
    }

    private static async Task<string> HashOf(string path, ThrottledProgress report, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.Asynchronous | FileOptions.SequentialScan);
        await using (stream.ConfigureAwait(false))
        {
            var buffer = new byte[BufferBytes];
            int read;
            while ((read = await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
            {
                hash.AppendData(buffer.AsSpan(0, read));
                report.Report(DownloadPhase.Checking, stream.Position);
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private void CheckSpace(string folder, HubFile file, PartialFile part)
    {
        var needed = file.Bytes - part.Bytes + SpareBytes;
        var free = _options.FreeSpace(Path.GetFullPath(folder));
        if (free < needed)
        {
            throw ModelProblems.Failed(
                $"{file.Source.File} needs {needed / 1e9:0.00} GB more on the disk of {folder}, and {free / 1e9:0.00} GB are free. Make room, or "
                    + $"set {ModelFolder.Variable} to a folder on another disk.");
        }
    }

    // One connection; brings as much as it can.
    private async Task<bool> Fetch(HubFile file, PartialFile part, ThrottledProgress report, StallGuard guard)
    {
        using var response = await _hub.Get(file, part.Bytes, part.ETag, guard.Token).ConfigureAwait(false);
        Begin(response, file, part);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            var body = await response.Content.ReadAsStreamAsync(guard.Token).ConfigureAwait(false);
            int read;
            while ((read = await Read(body, buffer, guard.Token).ConfigureAwait(false)) > 0)
            {
                await part.Append(buffer.AsMemory(0, read)).ConfigureAwait(false);
                guard.Brought(read);
                report.Report(DownloadPhase.Downloading, part.Bytes);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return part.Complete ? true : throw new FutileTryException("the connection ended too soon");
    }

    // A broken connection is another matter than a full disk, and both are an IOException.
    private static async ValueTask<int> Read(Stream body, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await body.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw new FutileTryException($"the connection broke ({e.Message})", inner: e);
        }
    }

    // Makes the part fit what the server is going to send.
    private static void Begin(HttpResponseMessage response, HubFile file, PartialFile part)
    {
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            part.Restart();
            throw new FutileTryException("the server has no bytes from where the pull should go on, so it begins again");
        }

        var range = response.Content.Headers.ContentRange;
        var total = response.StatusCode == HttpStatusCode.PartialContent ? range?.Length : response.Content.Headers.ContentLength;
        if (total is { } bytes && bytes != file.Bytes)
        {
            throw ModelProblems.Failed(
                $"The server sends {file.Source.File} with {bytes} bytes, and the hub announced {file.Bytes}. Nothing was stored; something "
                    + "between here and the hub changes files.");
        }

        if (response.StatusCode == HttpStatusCode.OK && part.Bytes > 0)
        {
            part.Restart();
        }
        else if (response.StatusCode == HttpStatusCode.PartialContent && range?.From != part.Bytes)
        {
            part.Restart();
            throw new FutileTryException($"the server sends from byte {range?.From}, which was not asked for");
        }

        if (part.Bytes == 0)
        {
            part.From(response.Headers.ETag?.ToString());
        }
    }

    private async Task<T> Try<T>(
        Func<StallGuard, Task<T>> attempt, PullRetries retries, Func<DownloadProgress> now, IProgress<DownloadProgress>? progress, CancellationToken cancellationToken)
    {
        while (true)
        {
            FutileTryException failure;
            using (var guard = new StallGuard(_options, cancellationToken))
            {
                try
                {
                    return await attempt(guard).ConfigureAwait(false);
                }
                catch (FutileTryException e)
                {
                    failure = e;
                }
                catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
                {
                    failure = new FutileTryException($"less than {_options.MinimumBytes} bytes came in {_options.StallTimeout.TotalSeconds:0.#} s", inner: e);
                }
            }

            var wait = retries.Failed(failure, now().Bytes);
            progress?.Report(now() with { Note = $"{failure.Message}; trying again in {wait.TotalSeconds:0.#} s" });
            await Task.Delay(wait, _options.Time, cancellationToken).ConfigureAwait(false);
        }
    }
}
