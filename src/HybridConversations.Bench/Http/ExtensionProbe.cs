namespace HybridConversations.Bench.Http;

/// <summary>Finds out whether a server refuses members that OpenAI's API does not have.</summary>
internal static class ExtensionProbe
{
    /// <exception cref="TargetException">The server refuses a plain request too.</exception>
    public static async Task<Target> Check(Target target, TimeProvider clock, CancellationToken cancellationToken)
    {
        var request = new BenchRequest("probe", [new BenchMessage("user", "Hello")], 1) { Priority = "interactive" };
        try
        {
            await new ChatClient(target, clock).Ask(request, cancellationToken);
            return target;
        }
        catch (TargetException exception) when (exception.Status is 400 or 422)
        {
            var plain = target with { TakesExtensions = false };
            await new ChatClient(plain, clock).Ask(request, cancellationToken);
            return plain;
        }
    }
}
