using System.Text.Json.Nodes;

namespace HybridConversations.Bench.Tests.Peer;

/// <summary>A request that the peer got.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Body">Its JSON.</param>
/// <param name="Tokens">Its prompt.</param>
/// <param name="Cached">Tokens of it that were not read.</param>
internal sealed record PeerRequest(string Path, JsonNode Body, string[] Tokens, int Cached);
