using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using HybridConversations.Bench;
using HybridConversations.Bench.Scenarios;
using HybridConversations.Cli.Settings;

namespace HybridConversations.Cli.Commands;

/// <summary><c>hc bench</c>: load scenarios against one server or two (docs/benchmarks.md). The table goes to standard output, progress to standard error.</summary>
internal static class BenchCommand
{
    private const string KeyVariable = "HC_BENCH_KEY";

    public static Command Create()
    {
        var options = new BenchCommandOptions();
        var command = new Command("bench", "Measure a server, or two side by side with the same prompts: this one, llama-server, any that speaks OpenAI's API.");
        options.AddTo(command);
        command.Subcommands.Add(JetsonBenchCommand.Create());
        command.SetAction((parsed, _) => Run(Read(parsed, options)));
        return command;
    }

    private static async Task<int> Run(BenchOptions options)
    {
        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        return await new LoadBenchmark(options, Console.Out, Console.Error, !Console.IsErrorRedirected).Run(stop.Token);

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }

    /// <exception cref="SettingsException">Something is wrong; every error at once.</exception>
    private static BenchOptions Read(ParseResult parsed, BenchCommandOptions options)
    {
        var errors = new List<string>();
        var read = new BenchOptions
        {
            Scenarios = parsed.GetValue(options.Scenarios) is { Length: > 0 } scenarios ? scenarios : ["all"],
            Url = Address(options.Url, parsed.GetValue(options.Url), errors) ?? BenchCommandOptions.DefaultUrl,
            Against = Address(options.Against, parsed.GetValue(options.Against), errors),
            Runs = Whole(options.Runs, parsed.GetValue(options.Runs), errors) ?? new BenchOptions().Runs,
            Model = parsed.GetValue(options.Model),
            Key = parsed.GetValue(options.Key) ?? Environment.GetEnvironmentVariable(KeyVariable),
            Out = parsed.GetValue(options.Out),
            Plot = parsed.GetValue(options.Plot),
            Start = parsed.GetValue(options.Start),
            StartAgainst = parsed.GetValue(options.StartAgainst),
            ChatOnly = parsed.GetValue(options.ChatOnly),
            Temperature = Decimal(options.Temperature, parsed.GetValue(options.Temperature), errors) ?? 0,
            Seed = Whole(options.Seed, parsed.GetValue(options.Seed), errors) ?? new BenchOptions().Seed,
            Timeout = TimeSpan.FromSeconds(Whole(options.Timeout, parsed.GetValue(options.Timeout), errors) ?? (int)new BenchOptions().Timeout.TotalSeconds),
            Sizes = BenchSizes.Parse(parsed.GetValue(options.Sizes) ?? [], errors),
            CommandLine = ["hc", .. Environment.GetCommandLineArgs().Skip(1)],
        };
        errors.AddRange(read.Validate());
        return errors.Count == 0 ? read : throw new SettingsException(errors);
    }

    private static Uri? Address(Option<string?> option, string? text, List<string> errors)
    {
        if (text is null || Uri.TryCreate(text, UriKind.Absolute, out _))
        {
            return text is null ? null : new Uri(text);
        }

        errors.Add($"{option.Name} {text}: write an address with http:// or https://, e.g. {BenchCommandOptions.DefaultUrl.OriginalString}.");
        return null;
    }

    private static int? Whole(Option<string?> option, string? text, List<string> errors)
    {
        if (text is null || int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            return text is null ? null : int.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        }

        errors.Add($"{option.Name} {text}: write a whole number.");
        return null;
    }

    private static double? Decimal(Option<string?> option, string? text, List<string> errors)
    {
        if (text is null || double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _))
        {
            return text is null ? null : double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
        }

        errors.Add($"{option.Name} {text}: write a number.");
        return null;
    }

    /// <summary>The options as the parser knows them.</summary>
    private sealed class BenchCommandOptions
    {
        public static Uri DefaultUrl { get; } = new("http://127.0.0.1:5080");

        public Argument<string[]> Scenarios { get; } = new("SCENARIO")
        {
            Arity = ArgumentArity.ZeroOrMore,
            Description = "What to run; default: all. "
                + string.Join("; ", ScenarioCatalog.Descriptions.Select(scenario => $"{scenario.Name}: {scenario.Description}")) + ". Any decode-N works.",
        };

        public Option<string?> Url { get; } = new("--url") { Description = $"Server A; default: {DefaultUrl.OriginalString}.", HelpName = "URL" };

        public Option<string?> Against { get; } = new("--against") { Description = "Server B, run in turn with A; the table then has the ratios A / B.", HelpName = "URL" };

        public Option<string?> Runs { get; } = new("--runs") { Description = "Runs of each scenario on each server, of which the table shows the median; default: 3 (1 to 100).", HelpName = "N" };

        public Option<string[]> Sizes { get; } = new("--size")
        {
            Description = "Another size of the workload, as often as wanted. Sizes and their defaults: "
                + string.Join(" ", BenchSizes.All.Select(size => $"{size.Name}={size.Default}")) + " (docs/benchmarks.md explains them).",
            HelpName = "NAME=N",
        };

        public Option<string?> Model { get; } = new("--model") { Description = "Model to ask for; default: the first that each server lists.", HelpName = "NAME" };

        public Option<string?> Key { get; } = new("--key") { Description = $"API key, sent to both servers and written nowhere; default: {KeyVariable}.", HelpName = "KEY" };

        public Option<string?> Out { get; } = new("--out") { Description = "Write everything that was measured to this JSON file.", HelpName = "FILE" };

        public Option<string?> Plot { get; } = new("--plot") { Description = "Draw the gaps between tokens in mixed to this SVG file.", HelpName = "FILE" };

        public Option<string?> Start { get; } = new("--start")
        {
            Description = "Shell command that runs server A in the foreground. It is started first and killed at the end; restart needs it.",
            HelpName = "COMMAND",
        };

        public Option<string?> StartAgainst { get; } = new("--start-against") { Description = "The same for server B.", HelpName = "COMMAND" };

        public Option<bool> ChatOnly { get; } = new("--chat-only")
        {
            Description = "Hold conversations by /v1/chat/completions with their whole history, even where the server has conversations of its own.",
        };

        public Option<string?> Temperature { get; } = new("--temperature") { Description = "Sampling temperature of every reply; default: 0, the likeliest token (0 to 2).", HelpName = "T" };

        public Option<string?> Seed { get; } = new("--seed") { Description = "Makes words, sizes and moments repeatable; default: 1.", HelpName = "N" };

        public Option<string?> Timeout { get; } = new("--timeout") { Description = "Seconds one answer may take; default: 300.", HelpName = "SECONDS" };

        public void AddTo(Command command)
        {
            command.Arguments.Add(Scenarios);
            Option[] all = [Url, Against, Runs, Sizes, Model, Key, Out, Plot, Start, StartAgainst, ChatOnly, Temperature, Seed, Timeout];
            foreach (var option in all)
            {
                command.Options.Add(option);
            }
        }
    }
}
