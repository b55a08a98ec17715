using System.CommandLine;
using HybridConversations.Server.Commands;

namespace HybridConversations.Silo.Commands;

/// <summary>The command line of <c>hc-silo</c>.</summary>
internal static class SiloCommandLine
{
    private const string Program = "hc-silo";

    public static async Task<int> Run(string[] arguments)
    {
        var root = new RootCommand("hc-silo: a device or a gateway of the fleet. Without a command it serves.")
        {
            ServeCommand.Create(),
            DrainCommand.Create(),
            StatusCommand.Create(),
        };
        var parsed = root.Parse(WithDefaultCommand(arguments));
        if (parsed.Errors.Count > 0)
        {
            Console.Error.WriteLine($"{Program}: {parsed.Errors[0].Message} See: {Program} --help");
            return ExitCodes.Usage;
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (Exception exception)
        {
            return HcCommandLine.Explain(exception, Program);
        }
    }

    /// <summary>No command means <c>serve</c>.</summary>
    private static string[] WithDefaultCommand(string[] arguments) => arguments switch
    {
        ["-h" or "-?" or "--help" or "--version", ..] => arguments,
        [] or [['-', ..], ..] => ["serve", .. arguments],
        _ => arguments,
    };
}
