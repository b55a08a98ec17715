using Spectre.Console;

namespace HybridConversations.Cli.Terminal;

/// <summary>Standard output as a console with colours where a person looks at it, and as plain text where it goes elsewhere or <c>NO_COLOR</c> is set.</summary>
internal static class Terminals
{
    public static IAnsiConsole Output { get; } = AnsiConsole.Create(new AnsiConsoleSettings
    {
        Out = new AnsiConsoleOutput(Console.Out),
        Ansi = IsPlain ? AnsiSupport.No : AnsiSupport.Detect,
        ColorSystem = IsPlain ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
    });

    private static bool IsPlain => Console.IsOutputRedirected || !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
}
