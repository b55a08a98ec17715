using HybridConversations.Routing;

namespace HybridConversations.Cli.Settings;

/// <summary>Which turns go to the cloud: <c>"routing"</c> of appsettings.json, and over it the two settings that say how many.</summary>
internal static class RoutingSection
{
    public static RouterOptions Read(SettingsReader reader)
    {
        var options = new RouterOptions();
        try
        {
            options = reader.Section("routing") is { } section ? RoutingSettings.Read(section) : options;
        }
        catch (ProblemException problem)
        {
            reader.Wrong(problem.Problem.Detail);
            return options;
        }

        // What is said here takes the place of both in the file: they exclude each other.
        var threshold = reader.Fraction(KnownSettings.CloudThreshold, 0, 1, aboveMin: true);
        var share = reader.Fraction(KnownSettings.CloudShare, 0, 1, aboveMin: true);
        if (threshold is not null || share is not null)
        {
            options = options with { Threshold = threshold, CloudShare = share };
        }

        foreach (var error in options.Validate())
        {
            reader.Wrong(error);
        }

        return options;
    }
}
