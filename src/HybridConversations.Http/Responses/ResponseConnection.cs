using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using HybridConversations.Http.Items;
using HybridConversations.Http.OpenAi;

namespace HybridConversations.Http.Responses;

/// <summary>One client on a WebSocket: sends one message at a time and runs one response at a time. Begin and interrupt are called by its reader only.</summary>
internal sealed class ResponseConnection(WebSocket socket, CancellationToken left) : IAsyncDisposable
{
    private readonly SemaphoreSlim _sending = new(1);
    private Task _running = Task.CompletedTask;
    private ResponseRun? _run;
    private CancellationTokenSource? _stop;

    /// <summary>The newest response that was not stored; null for none. Known when it has ended.</summary>
    public PassingThread? Thread => _run?.Thread;

    /// <summary>The newest response, where it is stored.</summary>
    public ResponseId? Last => _run?.Stored;

    /// <returns>False while another one runs.</returns>
    public async Task<bool> TryBegin(Func<ResponseRun, CancellationToken, CancellationToken, Task> answer, Func<ResponseRun> next)
    {
        if (!_running.IsCompleted)
        {
            if (_run is not { IsTold: true })
            {
                return false;
            }

            await _running;
        }

        var run = next();

        _stop?.Dispose();
        (_run, _stop) = (run, new CancellationTokenSource());
        var stop = _stop.Token;
        _running = Task.Run(() => answer(run, stop, left), CancellationToken.None);
        return true;
    }

    /// <summary>Ends the response that runs and waits until its last event was sent. Nothing happens when none runs.</summary>
    /// <param name="heard">What the listener heard of it; null: everything that was sent.</param>
    /// <returns>False when none runs.</returns>
    public async Task<bool> Interrupt(string? heard)
    {
        if (_running.IsCompleted || _run is null || _stop is null)
        {
            return false;
        }

        if (!await _run.Interrupt(heard))
        {
            await _stop.CancelAsync();
        }

        await _running;
        return true;
    }

    public async Task Send(JsonObject message)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(message, OpenAiJson.Answers.JsonObject);
        await _sending.WaitAsync(left);
        try
        {
            await socket.SendAsync(bytes, WebSocketMessageType.Text, endOfMessage: true, left);
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <summary>Waits until nothing runs any more; whoever disposes of it has cancelled it.</summary>
    public async ValueTask DisposeAsync()
    {
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop?.Dispose();
        _sending.Dispose();
    }
}
