using System.Runtime.InteropServices;

namespace HybridConversations.Fleet;

/// <summary>What was sent to a device and its report does not count yet.</summary>
/// <param name="Turns">Turns.</param>
/// <param name="PromptTokens">Tokens that they make it read.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SentLoad(int Turns, int PromptTokens);
