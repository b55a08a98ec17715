using System.Net.WebSockets;
using System.Text;

namespace HybridConversations.Tests.Common;

/// <summary>Whole text messages over a WebSocket, whatever their length.</summary>
public static class SocketMessages
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static Task Say(this WebSocket socket, string message) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(message), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None).WaitAsync(Patience);

    /// <summary>The next message; null when the other side closes.</summary>
    public static async Task<string?> Hear(this WebSocket socket)
    {
        using var whole = new MemoryStream();
        var buffer = new byte[1 << 16];
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer, CancellationToken.None).WaitAsync(Patience);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                return null;
            }

            whole.Write(buffer, 0, part.Count);
            if (part.EndOfMessage)
            {
                return Encoding.UTF8.GetString(whole.GetBuffer(), 0, (int)whole.Length);
            }
        }
    }
}
