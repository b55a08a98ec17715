using HybridConversations.Inference.Backends;
using Microsoft.Win32.SafeHandles;

namespace HybridConversations.Inference.Models;

/// <summary>
/// Watches a model file that is mapped into memory: what is written over it changes the weights of a running model, what is cut off ends the process at the next look.
/// A file that is replaced or deleted is left alone, since the mapping keeps the old one.
/// </summary>
public sealed class ModelFileWatch : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private readonly string _path;
    private readonly SafeFileHandle _file;
    private readonly (long Bytes, DateTime Written) _before;
    private readonly ITimer _timer;
    private readonly TaskCompletionSource<string> _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Watches the file of a model that was loaded; null where none is mapped.</summary>
    /// <param name="loaded">How it was loaded; null where no model was.</param>
    /// <param name="time">Looks once a second by this clock.</param>
    public static ModelFileWatch? Of(BackendOptions? loaded, TimeProvider time) => loaded is { MemoryMap: true } ? new ModelFileWatch(loaded.ModelPath, time) : null;

    /// <summary>Watches the file as it is now.</summary>
    /// <param name="path">The file.</param>
    /// <param name="time">Looks once a second by this clock.</param>
    public ModelFileWatch(string path, TimeProvider time)
    {
        _path = path;

        // By its handle: the file that is mapped, whatever its name comes to mean.
        _file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        _before = Look();
        _timer = time.CreateTimer(_ => Compare(), null, Interval, Interval);
    }

    /// <summary>Completes with a sentence about it when the file was changed.</summary>
    public Task<string> Changed => _changed.Task;

    /// <summary>Watches no longer.</summary>
    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();
        _file.Dispose();
    }

    private (long Bytes, DateTime Written) Look() => (RandomAccess.GetLength(_file), File.GetLastWriteTimeUtc(_file));

    /// <summary>What is done once a second.</summary>
    internal void Compare()
    {
        try
        {
            if (Look() is var now && now != _before)
            {
                _changed.TrySetResult($"The model file {_path} was changed while it was served ({_before.Bytes} bytes then, {now.Bytes} now), and it is mapped: what it says from now on is not the model's. "
                    + "Put the whole file back, by renaming another one to its name; without --mmap on a file is read and may change.");
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            // It cannot be looked at just now, or is watched no longer.
        }
    }
}
