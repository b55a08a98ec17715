using System.Security.Authentication;
using System.Security.Cryptography;
using System.Text;

namespace HybridConversations.Orleans.Security;

/// <summary>
/// Both sides prove that they know the join token without sending it: each sends a nonce, then an HMAC-SHA-256 of its role and both nonces under the token.
/// </summary>
internal sealed class JoinToken(string token)
{
    private const int NonceBytes = 32;
    private readonly byte[] _key = Encoding.UTF8.GetBytes(token);

    private static ReadOnlySpan<byte> Magic => "HCJOIN1\n"u8;

    /// <exception cref="AuthenticationException">The other side does not know the token.</exception>
    public async Task Prove(Stream stream, bool inbound, CancellationToken cancellationToken)
    {
        var hello = new byte[Magic.Length + NonceBytes];
        Magic.CopyTo(hello);
        RandomNumberGenerator.Fill(hello.AsSpan(Magic.Length));
        await stream.WriteAsync(hello, cancellationToken);
        await stream.FlushAsync(cancellationToken);
        var theirs = await Read(stream, hello.Length, cancellationToken);
        if (!theirs.AsSpan().StartsWith(Magic))
        {
            throw new AuthenticationException("The other side sent no join token; every silo and client of this fleet needs it.");
        }

        await stream.WriteAsync(Proof(inbound, hello, theirs), cancellationToken);
        await stream.FlushAsync(cancellationToken);
        var proof = await Read(stream, HMACSHA256.HashSizeInBytes, cancellationToken);
        if (!CryptographicOperations.FixedTimeEquals(proof, Proof(!inbound, theirs, hello)))
        {
            throw new AuthenticationException("The other side has another join token.");
        }
    }

    private byte[] Proof(bool inbound, byte[] own, byte[] other) => HMACSHA256.HashData(_key, (byte[])[inbound ? (byte)1 : (byte)2, .. own, .. other]);

    private static async Task<byte[]> Read(Stream stream, int count, CancellationToken cancellationToken)
    {
        var buffer = new byte[count];
        try
        {
            await stream.ReadExactlyAsync(buffer, cancellationToken);
        }
        catch (EndOfStreamException error)
        {
            throw new AuthenticationException("The other side closed the connection: it does not accept this join token, or knows of none.", error);
        }

        return buffer;
    }
}
