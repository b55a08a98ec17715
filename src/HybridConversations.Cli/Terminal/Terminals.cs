using Spectre.Console;

namespace HybridConversations.Cli.Terminal;

/// <summary>
/// Standard output as a console with colours where a person looks at it, without them where <c>NO_COLOR</c> is set, and as plain text where it goes elsewhere or the terminal can
/// do no more (<c>TERM=dumb</c>).
/// </summary>
internal static class Terminals
{
    public static IAnsiConsole Output { get; } = Over(Console.Out);

    /// <summary>The same console, writing through something.</summary>
    public static IAnsiConsole Over(TextWriter writer) => AnsiConsole.Create(new AnsiConsoleSettings
    {
        Out = new AnsiConsoleOutput(writer),
        Ansi = IsPlain ? AnsiSupport.No : AnsiSupport.Yes,
        Interactive = IsPlain ? InteractionSupport.No : InteractionSupport.Detect,
        ColorSystem = IsPlain || !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")) ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
    });

    /// <summary>No terminal, or one that knows no cursor.</summary>
    public static bool IsPlain => Console.IsOutputRedirected || Environment.GetEnvironmentVariable("TERM") is null or "" or "dumb";
}
