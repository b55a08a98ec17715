using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace HybridConversations.Orleans.Security;

/// <summary>Lets a connection of the fleet through when the other side knows the join token, and closes it otherwise. TLS, where there is any, stands already.</summary>
internal sealed partial class DoorKeeper(ConnectionSecurity security, ILogger<DoorKeeper> logger)
{
    private static readonly TimeSpan HandshakeLimit = TimeSpan.FromSeconds(10);
    private readonly JoinToken _token = new(security.JoinToken!);

    public ConnectionDelegate Inbound(ConnectionDelegate next) => context => Run(context, next, true);

    public ConnectionDelegate Outbound(ConnectionDelegate next) => context => Run(context, next, false);

    private async Task Run(ConnectionContext context, ConnectionDelegate next, bool inbound)
    {
        var transport = context.Transport;
        Stream stream = new DuplexStream(transport);
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(context.ConnectionClosed);
            limit.CancelAfter(HandshakeLimit);
            await _token.Prove(stream, inbound, limit.Token);
        }
        catch (Exception error)
        {
            LogRefused(error, inbound ? "from" : "to", context.RemoteEndPoint, error.Message);
            await stream.DisposeAsync();
            context.Abort(new ConnectionAbortedException("The fleet's handshake failed.", error));
            throw;
        }

        await using var secured = stream;
        var pipe = new StreamPipe(stream);
        context.Transport = pipe;
        try
        {
            await next(context);
        }
        finally
        {
            await pipe.Input.CompleteAsync();
            await pipe.Output.CompleteAsync();
            context.Transport = transport;
        }
    }

    [LoggerMessage(350, LogLevel.Warning, "A connection {Direction} {Remote} was refused: {Why}")]
    private partial void LogRefused(Exception error, string direction, System.Net.EndPoint? remote, string why);

    private sealed class StreamPipe(Stream stream) : IDuplexPipe
    {
        public PipeReader Input { get; } = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true));
        public PipeWriter Output { get; } = PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true));
    }
}
