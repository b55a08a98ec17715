namespace HybridConversations.Cli.Settings;

/// <summary>How a chat is held. Immutable; checked as a whole before anything starts.</summary>
internal sealed record ChatSettings
{
    /// <summary>Conversation to go on with; null for a new one.</summary>
    public string? Conversation { get; init; }

    /// <summary>The one thing to say; null to read what to say.</summary>
    public string? Once { get; init; }

    /// <summary>Server to talk to; null to host the conversation in this process.</summary>
    public Uri? Url { get; init; }

    /// <summary>The key that the server wants; null for none.</summary>
    public string? Key { get; init; }

    public string? System { get; init; }
    public SamplingOptions Sampling { get; init; } = new();

    /// <summary>The machine to host; null with <see cref="Url"/>.</summary>
    public ServerSettings? Machine { get; init; }

    /// <exception cref="SettingsException">Anything was wrong; says all of it.</exception>
    public static ChatSettings Read(SettingsSources sources)
    {
        var reader = new SettingsReader(sources);
        reader.Check(KnownSettings.Conversation, id => Conversations.Conversation.CheckId(id)?.Detail);
        reader.Check(KnownSettings.Once, text => string.IsNullOrWhiteSpace(text) ? "there is nothing to say." : null);
        var url = reader.Read(KnownSettings.Url, text => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? uri : null);
        var settings = new ChatSettings
        {
            Conversation = reader.Text(KnownSettings.Conversation),
            Once = reader.Text(KnownSettings.Once, Limits.MaxTurnCharacters),
            Url = url,
            Key = reader.Text(KnownSettings.Key),
            System = reader.Text(KnownSettings.System, Limits.MaxSystemCharacters),
            Sampling = new SamplingOptions
            {
                MaxTokens = reader.Whole(KnownSettings.MaxTokens, 1, 1_000_000),
                Temperature = reader.Fraction(KnownSettings.Temperature, 0, 2),
                TopP = reader.Fraction(KnownSettings.TopP, 0, 1, aboveMin: true),
                TopK = reader.Whole(KnownSettings.TopK, 0, 1_000_000),
                MinP = reader.Fraction(KnownSettings.MinP, 0, 1),
                Seed = reader.WholeLong(KnownSettings.Seed),
            },
            Machine = url is null ? ServerSettings.Read(reader) : null,
        };
        if (url is not null)
        {
            RefuseWithUrl(reader);
        }

        reader.ThrowIfWrong();
        return settings;
    }

    private static void RefuseWithUrl(SettingsReader reader)
    {
        foreach (var setting in KnownSettings.Engine.Where(setting => setting != KnownSettings.Log && reader.IsOnCommandLine(setting)))
        {
            reader.Wrong(setting, $"has no effect with {KnownSettings.Url.Option}: the server there has its own. Leave one of the two out.");
        }
    }
}
