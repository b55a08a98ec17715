using HybridConversations.Client;

namespace HybridConversations.Cli.Hosting;

/// <summary>
/// Two short requests of the server to itself before it says that it is ready: compiled code, open connections and the first statements of the database are then behind the
/// first caller. The conversation is deleted again; nothing leaves the device.
/// </summary>
internal static class Rehearsal
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    public static async Task Run(HttpClient http, ILogger logger, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Longest);
        try
        {
            await Converse(new HttpConversations(http), patience.Token);
            using var answer = await http.PostAsJsonAsync(
                "v1/chat/completions", new { messages = new[] { new { role = "user", content = "Hello." } }, max_tokens = 4, stream = true, priority = "background" }, patience.Token);
            await answer.Content.ReadAsStringAsync(patience.Token);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            logger.LogDebug(exception, "The rehearsal broke off; the first turn will be slower.");
        }
    }

    private static async Task Converse(HttpConversations conversations, CancellationToken cancellationToken)
    {
        var conversation = conversations.Get($"hc-rehearsal-{Guid.NewGuid():N}");
        var turn = new Turn
        {
            TurnId = "rehearsal",
            Text = "Hello.",
            Private = true,
            Priority = TurnPriority.Background,
            Sampling = new SamplingOptions { MaxTokens = 4 },
        };
        try
        {
            await foreach (var _ in conversation.Say(turn, cancellationToken))
            {
            }
        }
        finally
        {
            await conversation.Delete(CancellationToken.None);
        }
    }
}
