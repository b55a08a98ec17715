using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace HybridConversations.Inference.KvBlocks;

/// <summary>
/// Whose KV it is. A prompt finds what was computed in its own realm and in <see cref="Everyone"/>'s, in no other: how much of a prompt was there already would tell one tenant what
/// another has said. The ids of a realm's blocks begin with its root, so that it has blocks, in memory and on disk, of its own.
/// </summary>
/// <param name="Root">0 for the tenant <see cref="Tenants.Default"/>, and where there are no tenants.</param>
internal readonly record struct KvRealm(UInt128 Root)
{
    private const string Purpose = "hybrid-conversations kv realm\n";

    /// <summary>What no tenant has said: system prompts that the operator keeps ready.</summary>
    public static KvRealm Everyone { get; } = Named("\n");

    /// <summary>The realm of a tenant; null for nobody's.</summary>
    public static KvRealm Of(string? tenant) => tenant is null or Tenants.Default ? default : Named(tenant);

    /// <summary>The realm of a conversation by its stored id, or of a beginning by its key.</summary>
    public static KvRealm OfKey(string key) => PrefixKey.Is(key) ? PrefixKey.RealmOf(key) : Of(Tenants.Of(key));

    /// <summary>May a prompt of this realm be answered with what another has computed?</summary>
    public bool Finds(KvRealm other) => other == this || other == Everyone;

    private static KvRealm Named(string name) => new(BinaryPrimitives.ReadUInt128LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(Purpose + name))));
}
