using System.Runtime.InteropServices;

namespace HybridConversations.Inference.Diagnostics;

/// <summary>Who asks.</summary>
/// <param name="Key">Whose prompt it is; null for a request without a conversation.</param>
/// <param name="Hidden">Its text must not be shown: it is private, or words that are still being spoken, of which nobody knows yet.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PromptFacts(string? Key, bool Hidden);
