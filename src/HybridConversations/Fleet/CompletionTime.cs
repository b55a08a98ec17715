namespace HybridConversations.Fleet;

/// <summary>When a device would have answered a turn, as far as its last report tells, and what was sent to it since. Pure.</summary>
internal static class CompletionTime
{
    /// <summary>Tokens of a reply, where nobody knows: what a voice answer has.</summary>
    public const int ReplyTokens = 50;

    // Of a device that has measured nothing yet: a 3B model on an Orin NX.
    private static readonly DeviceProfile Unmeasured = new(37, 400, 27);

    /// <summary>Milliseconds until a turn would begin to be read: what waits before it.</summary>
    /// <param name="device">Its last report.</param>
    /// <param name="sent">What it does not count yet.</param>
    public static double WaitMs(DeviceStatus device, SentLoad sent = default)
    {
        var profile = device.Profile ?? Unmeasured;
        var load = device.Load;
        var reading = (load.PromptBacklogTokens + sent.PromptTokens) / Math.Max(1, profile.PrefillTokensPerSecond) * 1000;

        // A request that waits gets its turn when one that runs has ended.
        var slots = Math.Max(1, load.Running);
        return reading + (load.Waiting > 0 ? (double)(load.Waiting + sent.Turns) / slots * ReplyTokens * DecodeMs(profile, load.Running) : 0);
    }

    /// <summary>Milliseconds until the turn would be answered whole.</summary>
    /// <param name="device">Its last report.</param>
    /// <param name="promptTokens">Tokens that it would have to read.</param>
    /// <param name="sent">What its report does not count yet.</param>
    public static double Predict(DeviceStatus device, int promptTokens, SentLoad sent = default)
    {
        var profile = device.Profile ?? Unmeasured;
        var running = device.Load.Running + (device.Load.Waiting > 0 ? 0 : sent.Turns);
        return WaitMs(device, sent) + (promptTokens / Math.Max(1, profile.PrefillTokensPerSecond) * 1000) + (ReplyTokens * DecodeMs(profile, running));
    }

    /// <summary>A step with more rows takes longer; by how much, its cost model does not tell others. A fifth for each doubling is what Orins show.</summary>
    private static double DecodeMs(DeviceProfile profile, int running) => profile.StepMs * (1 + (0.2 * Math.Log2(1 + running)));
}
