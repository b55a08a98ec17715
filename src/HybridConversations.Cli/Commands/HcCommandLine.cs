using System.CommandLine;
using HybridConversations.Cli.Settings;
using HybridConversations.Inference.Backends;

namespace HybridConversations.Cli.Commands;

/// <summary>The command line of <c>hc</c>: parses it, runs the command, and turns whatever goes wrong into one clear line and an exit code.</summary>
internal static class HcCommandLine
{
    public static async Task<int> Run(string[] arguments)
    {
        if (Surroundings.Fault() is { } fault)
        {
            Console.Error.WriteLine($"hc: {fault}");
            return ExitCodes.Usage;
        }

        var root = new RootCommand("hc: conversations with a local model, on this machine, over HTTP and in a fleet. Without a command it chats.")
        {
            ChatCommand.Create(),
            ServeCommand.Create(),
            JoinCommand.Create(),
            DrainCommand.Create(),
            FleetCommand.Create(),
            KeysCommand.Create(),
            ModelsCommand.Create(),
            RouteCommand.Create(),
            PlanCommand.Create(),
            SimulateCommand.Create(),
            BenchCommand.Create(),
            ExportCommand.Create(),
            ImportCommand.Create(),
            BackupCommand.Create(),
            DoctorCommand.Create(),
            CompletionCommand.Create(),
        };
        var parsed = root.Parse(WithDefaultCommand(arguments));
        if (parsed.Errors.Count > 0)
        {
            return WrongUsage(parsed);
        }

        try
        {
            // Signals are the commands' own: a server drains, a chat interrupts the reply.
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (Exception exception)
        {
            return Explain(exception);
        }
    }

    /// <summary>Prints what went wrong on standard error.</summary>
    public static int Explain(Exception exception)
    {
        switch (exception)
        {
            case SettingsException settings:
                foreach (var error in settings.Errors)
                {
                    Console.Error.WriteLine($"hc: {error}");
                }

                return ExitCodes.Usage;
            case ProblemException { Problem: var problem }:
                Console.Error.WriteLine($"hc: {problem.Detail}");
                return problem.Status is >= 400 and < 500 ? ExitCodes.Usage : ExitCodes.Failure;
            case BackendException:
                Console.Error.WriteLine($"hc: {exception.Message.ReplaceLineEndings(" ")}");
                return ExitCodes.Usage;
            case OperationCanceledException:
                return ExitCodes.Failure;
            default:
                Console.Error.WriteLine($"hc: {exception.Message.ReplaceLineEndings(" ")} ({exception.GetType().Name}; HC_LOG=debug shows where)");
                if (Environment.GetEnvironmentVariable(KnownSettings.Log.Variable) == "debug")
                {
                    Console.Error.WriteLine(exception.StackTrace);
                }

                return ExitCodes.Failure;
        }
    }

    /// <summary>No command means <c>chat</c>, also with options of chat; <c>fleet</c> alone means <c>fleet start</c>.</summary>
    private static string[] WithDefaultCommand(string[] arguments) => arguments switch
    {
        [] => ["chat"],
        ["-h" or "-?" or "--help" or "--version", ..] => arguments,
        [['-', ..], ..] => ["chat", .. arguments],
        ["fleet", "-h" or "-?" or "--help", ..] => arguments,
        ["fleet"] or ["fleet", ['-', ..], ..] => ["fleet", "start", .. arguments[1..]],
        _ => arguments,
    };

    private static int WrongUsage(ParseResult parsed)
    {
        var path = new List<string>();
        for (var result = parsed.CommandResult; result is not null; result = result.Parent as System.CommandLine.Parsing.CommandResult)
        {
            path.Insert(0, result.Command is RootCommand ? "hc" : result.Command.Name);
        }

        // The parser adds that a command is missing to "unrecognised": the second says more.
        var errors = parsed.Errors.Select(error => error.Message).ToList();
        var message = errors.Find(error => error.Contains('\'')) ?? errors[0];
        var command = string.Join(' ', path);
        Console.Error.WriteLine($"{command}: {message} See: {command} --help");
        return ExitCodes.Usage;
    }
}
