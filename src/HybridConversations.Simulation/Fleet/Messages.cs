namespace HybridConversations.Simulation.Fleet;

/// <summary>Calls and records between processes, a second on average.</summary>
/// <param name="Reports">Calls of the fleet grain.</param>
/// <param name="ReportedDevices">Device records inside their answers.</param>
/// <param name="TurnCalls">Calls and stream batches of turns between silos.</param>
/// <param name="RedisWrites">Of conversations.</param>
public sealed record Messages(double Reports, double ReportedDevices, double TurnCalls, double RedisWrites);
