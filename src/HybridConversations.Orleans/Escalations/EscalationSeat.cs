namespace HybridConversations.Orleans.Escalations;

/// <summary>
/// The key of an escalation grain. An endpoint has one seat, and a stand-in for the time in which the seat's silo leaves and lets its calls end: a grain
/// cannot be moved while replies stream through it.
/// </summary>
/// <param name="Endpoint">Name of the endpoint.</param>
/// <param name="StandIn">Is it the stand-in?</param>
internal readonly record struct EscalationSeat(string Endpoint, bool StandIn)
{
    // No endpoint's name has one.
    private const string Suffix = "/stand-in";

    public static EscalationSeat Parse(string key) =>
        key.EndsWith(Suffix, StringComparison.Ordinal) ? new EscalationSeat(key[..^Suffix.Length], true) : new EscalationSeat(key, false);

    public override string ToString() => StandIn ? Endpoint + Suffix : Endpoint;
}
