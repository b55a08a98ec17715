namespace HybridConversations.Architecture.Tests;

/// <param name="From">The folder that uses.</param>
/// <param name="To">The folder that is used.</param>
/// <param name="Why">What of it.</param>
internal sealed record Arrow(string From, string To, string Why);
