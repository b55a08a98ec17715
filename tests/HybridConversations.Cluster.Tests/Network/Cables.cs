using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;

namespace HybridConversations.Cluster.Tests.Network;

/// <summary>
/// The network between silos, with cables that can be cut: what is sent over a cut one, in both directions, waits until it is mended, as lost packets do that
/// TCP sends again; and who connects meanwhile waits as well. Nobody is told.
/// </summary>
internal sealed class Cables
{
    private readonly ConcurrentDictionary<(string, string), TaskCompletionSource> _cut = new();
    private readonly ConcurrentDictionary<int, string> _names = new();

    /// <summary>Says which silo listens at a port.</summary>
    public void Name(int port, string silo) => _names[port] = silo;

    public void Cut(string one, string other) => _cut.TryAdd(Between(one, other), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

    public void Mend(string one, string other)
    {
        if (_cut.TryRemove(Between(one, other), out var cut))
        {
            cut.SetResult();
        }
    }

    /// <summary>Every connection between silos has one side that opened it; all that goes through it, either way, passes here.</summary>
    public ConnectionDelegate Outbound(string from, ConnectionDelegate next) => async context =>
    {
        var cable = Between(from, _names.GetValueOrDefault((context.RemoteEndPoint as IPEndPoint)?.Port ?? 0, "?"));
        var transport = context.Transport;
        context.Transport = new Cable(transport, () => _cut.TryGetValue(cable, out var cut) ? cut.Task : Task.CompletedTask);
        try
        {
            await next(context);
        }
        finally
        {
            context.Transport = transport;
        }
    };

    private static (string, string) Between(string one, string other) => string.CompareOrdinal(one, other) < 0 ? (one, other) : (other, one);

    private sealed class Cable(IDuplexPipe pipe, Func<Task> whole) : IDuplexPipe
    {
        public PipeReader Input { get; } = new End(pipe.Input, whole);
        public PipeWriter Output { get; } = new Start(pipe.Output, whole);
    }

    private sealed class End(PipeReader inner, Func<Task> whole) : PipeReader
    {
        public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
        {
            var read = await inner.ReadAsync(cancellationToken);
            await whole().WaitAsync(cancellationToken);
            return read;
        }

        public override bool TryRead(out ReadResult result)
        {
            result = default;
            return whole().IsCompleted && inner.TryRead(out result);
        }

        public override void AdvanceTo(SequencePosition consumed) => inner.AdvanceTo(consumed);
        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => inner.AdvanceTo(consumed, examined);
        public override void CancelPendingRead() => inner.CancelPendingRead();
        public override void Complete(Exception? exception = null) => inner.Complete(exception);
    }

    private sealed class Start(PipeWriter inner, Func<Task> whole) : PipeWriter
    {
        public override async ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
        {
            await whole().WaitAsync(cancellationToken);
            return await inner.FlushAsync(cancellationToken);
        }

        public override void Advance(int bytes) => inner.Advance(bytes);
        public override Memory<byte> GetMemory(int sizeHint = 0) => inner.GetMemory(sizeHint);
        public override Span<byte> GetSpan(int sizeHint = 0) => inner.GetSpan(sizeHint);
        public override void CancelPendingFlush() => inner.CancelPendingFlush();
        public override void Complete(Exception? exception = null) => inner.Complete(exception);
    }
}
