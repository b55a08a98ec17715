namespace HybridConversations;

/// <summary>A call that was announced and whose result has not come.</summary>
/// <param name="Call">The call.</param>
/// <param name="TurnId">The turn in which the model asked for it.</param>
/// <param name="Route">Whose model asked: its result goes on there.</param>
/// <param name="Private">Its result is never shown to the cloud: the turn was private, or was answered with private ones in view.</param>
public sealed record OpenCall(ToolCall Call, string TurnId, RouteTarget Route = RouteTarget.Local, bool Private = false);
