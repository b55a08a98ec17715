using Microsoft.Extensions.Logging.Console;

namespace HybridConversations.Cli.Commands;

/// <summary>The log goes to standard error, one line an entry; standard output belongs to answers.</summary>
internal static class Logs
{
    public static void Configure(ILoggingBuilder logging, LogLevel level)
    {
        logging.SetMinimumLevel(level);
        logging.AddFilter("Microsoft", level > LogLevel.Warning ? level : level <= LogLevel.Debug ? LogLevel.Information : LogLevel.Warning);
        if (level > LogLevel.Debug)
        {
            // It would print a failed start with its whole stack; the command says the same in a line.
            logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        }

        logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "HH:mm:ss.fff ";
            console.ColorBehavior = Console.IsErrorRedirected ? LoggerColorBehavior.Disabled : LoggerColorBehavior.Default;
        });
        logging.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    }
}
