namespace HybridConversations.Cli.Settings;

/// <summary>One thing that can be set: <c>--gpu-layers</c> on the command line, <c>HC_GPU_LAYERS</c> in the environment, <c>"gpuLayers"</c> in appsettings.json.</summary>
/// <param name="Name">Its name in kebab-case.</param>
/// <param name="ValueName">What stands for the value in the help.</param>
/// <param name="Description">What it does, one sentence.</param>
/// <param name="Allowed">Which values there are, and the default.</param>
internal sealed record Setting(string Name, string ValueName, string Description, string Allowed)
{
    /// <summary>On the command line the name alone means <c>on</c>.</summary>
    public bool IsSwitch { get; init; }

    public string Option { get; } = "--" + Name;

    public string Variable { get; } = "HC_" + Name.ToUpperInvariant().Replace('-', '_');

    /// <summary>Name in the object <c>"hc"</c> of appsettings.json.</summary>
    public string Member { get; } = string.Concat(Name.Split('-').Select((word, index) => index == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..]));
}
