namespace HybridConversations.Fleet;

/// <summary>A turn that wants a device.</summary>
/// <param name="Holder">Index of the device that holds the conversation's KV state; −1 for none.</param>
/// <param name="Here">Index of the device of the silo that asks, from which no token travels; −1 for none.</param>
/// <param name="PromptTokens">Tokens to read where there is no KV state.</param>
/// <param name="ModelHash">The model that the conversation had; null for none.</param>
internal sealed record PlacementRequest(int Holder = -1, int Here = -1, int PromptTokens = 0, string? ModelHash = null);
