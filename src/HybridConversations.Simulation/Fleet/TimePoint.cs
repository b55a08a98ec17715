namespace HybridConversations.Simulation.Fleet;

/// <summary>A part of the time.</summary>
/// <param name="Hours">Middle of the part.</param>
/// <param name="FirstTokenP95">Milliseconds.</param>
/// <param name="WithinBudget">Share.</param>
/// <param name="Turns">A second.</param>
public sealed record TimePoint(double Hours, double FirstTokenP95, double WithinBudget, double Turns);
