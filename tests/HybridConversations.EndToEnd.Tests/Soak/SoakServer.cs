namespace HybridConversations.EndToEnd.Tests.Soak;

/// <summary>A server that is stopped, killed and started again under its callers.</summary>
internal sealed class SoakServer(string data, params string[] arguments) : IAsyncDisposable
{
    private volatile TaskCompletionSource<ServerProcess> _current = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Restarts so far.</summary>
    public int Restarts { get; private set; }

    /// <summary>The running server, once there is one.</summary>
    public Task<ServerProcess> Current => _current.Task;

    /// <summary>Is this still the one that runs?</summary>
    public bool Is(ServerProcess server) => _current.Task is { IsCompletedSuccessfully: true } task && task.Result == server;

    public async Task Start() => _current.SetResult(await ServerProcess.Start(data, arguments));

    public async Task Restart(bool kill)
    {
        var old = await Current;
        _current = new TaskCompletionSource<ServerProcess>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (kill)
        {
            await old.Kill();
        }
        else
        {
            Assert.Equal(0, await old.Stop());
        }

        await old.DisposeAsync();
        Restarts++;
        await Start();
    }

    public async ValueTask DisposeAsync()
    {
        if (_current.Task.IsCompletedSuccessfully)
        {
            await (await _current.Task).DisposeAsync();
        }
    }
}
