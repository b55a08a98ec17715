namespace HybridConversations.Http.Fleet;

/// <summary>Body of <c>POST /devices/{id}/yield</c>.</summary>
/// <param name="Seconds">For how long, 0 to 60; 5 where nothing is said.</param>
internal sealed record YieldBody(double? Seconds);
