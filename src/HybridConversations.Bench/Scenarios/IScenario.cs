using HybridConversations.Bench.Http;

namespace HybridConversations.Bench.Scenarios;

/// <summary>One way to load a server, and the figures that come of it. Stateless.</summary>
internal interface IScenario
{
    /// <summary>As on the command line.</summary>
    string Name { get; }

    /// <summary>What is done, with its sizes.</summary>
    string Describe(BenchSizes sizes);

    /// <summary>Why it cannot run on this server; null when it can.</summary>
    /// <param name="target">The server.</param>
    /// <param name="owned">Was it started here, so that it may be killed?</param>
    string? Unfit(Target target, bool owned);

    /// <summary>Runs once.</summary>
    /// <exception cref="TargetException">The server failed in a way that leaves no figures.</exception>
    Task<Measurement> Run(ScenarioContext context, CancellationToken cancellationToken);
}
