using System.CommandLine;
using System.Globalization;
using HybridConversations.Cli.Settings;
using HybridConversations.Inference.Models;
using HybridConversations.Simulation.Catalogue;
using HybridConversations.Simulation.Planning;

namespace HybridConversations.Cli.Commands;

/// <summary>The options of <c>hc plan</c> as the parser knows them, and what they come to.</summary>
internal sealed class PlanCommandOptions
{
    private static readonly PlanOptions Defaults = new();
    private readonly List<string> _errors = [];

    private readonly Option<string?> _device = new("--device") { Description = "A Jetson, with its power mode where it is not the usual one: orin-nx-16gb, orin-nx-16gb@maxn-super; --list tells all.", HelpName = "DEVICE" };
    private readonly Option<string?> _board = new("--board") { Description = "In place of --device: the Jetson that this runs on, with the clocks that it has now, also where it is too hot; / or where its sys, proc, etc and var are mounted.", HelpName = "DIR" };
    private readonly Option<string?> _engine = new("--engine") { Description = $"Who computes: llama.cpp, mlc, vllm or tensorrt-llm; default: {Defaults.Engine}.", HelpName = "NAME" };
    private readonly Option<string?> _budget = Number("--budget-seconds", "Seconds within which a spoken answer should be whole", Defaults.BudgetSeconds);
    private readonly Option<string?> _answer = Number("--answer-tokens", "Tokens of a spoken answer", Defaults.AnswerTokens);
    private readonly Option<string?> _turn = Number("--turn-tokens", "Tokens that a turn adds to what is held", Defaults.TurnTokens);
    private readonly Option<string?> _context = Number("--context-tokens", "Tokens that a conversation holds", Defaults.ContextTokens);
    private readonly Option<string?> _pause = Number("--pause-seconds", "Seconds from the end of an answer to the end of the next words", Defaults.PauseSeconds);
    private readonly Option<string?> _reserved = Number("--reserved-gib", "Memory for the system and everything else on the device, GiB", Defaults.ReservedGib);
    private readonly Option<string?> _hard = Number("--hard-share", "How much of the traffic is hard, 0 to 1", Defaults.Cloud.HardShare);
    private readonly Option<string?> _input = Number("--cloud-input-price", "Price of a million tokens sent to the cloud", Defaults.Cloud.InputPrice);
    private readonly Option<string?> _output = Number("--cloud-output-price", "Price of a million tokens from the cloud", Defaults.Cloud.OutputPrice);
    private readonly Option<string?> _claim = new("--claim") { Description = "Judge this speed of one stream, tokens a second.", HelpName = "N" };
    private readonly Option<string?> _saturation = new("--saturated") { Description = "With --claim: is the memory saturated to this share, 0 to 1, at that speed?", HelpName = "S" };
    private readonly Option<string?> _kv = new("--kv-type") { Description = "Numbers of the KV memory: f16 or q8_0; default: f16.", HelpName = "TYPE" };

    /// <summary>A model of the catalogue or a file; with <see cref="Measure"/> what <c>hc serve</c> would load.</summary>
    public Option<string?> Model { get; } = new("--model") { Description = "A model of the catalogue with its quantisation, e.g. llama-3.2-3b-q4_k_m, or a GGUF file.", HelpName = "MODEL" };

    public Option<string?> Plot { get; } = new("--plot") { Description = "Draw the plan to this SVG file.", HelpName = "FILE" };

    public Option<bool> Measure { get; } = new("--measure") { Description = "Calibrate on this machine with --model, predict its throughput at 1 to 16 streams, measure that, and compare. Nothing else should run meanwhile." };

    public Option<bool> List { get; } = new("--list") { Description = "List devices, models, quantisations and published figures with their sources." };

    public void AddTo(Command command)
    {
        Option[] all = [_device, _board, Model, _engine, _budget, _answer, _turn, _context, _pause, _reserved, _kv, _hard, _input, _output, _claim, _saturation, Plot, Measure, List];
        foreach (var option in all)
        {
            command.Options.Add(option);
        }
    }

    /// <exception cref="SettingsException">Something is wrong; every error at once.</exception>
    public PlanOptions Read(ParseResult parsed, out Setup setup, out double? claim, out double? saturation)
    {
        _errors.Clear();
        var options = new PlanOptions
        {
            Engine = Engine(parsed.GetValue(_engine)),
            BudgetSeconds = Within(parsed, _budget, 0.1, 60) ?? Defaults.BudgetSeconds,
            AnswerTokens = (int)(Within(parsed, _answer, 1, 4096) ?? Defaults.AnswerTokens),
            TurnTokens = (int)(Within(parsed, _turn, 1, 100_000) ?? Defaults.TurnTokens),
            ContextTokens = (int)(Within(parsed, _context, 1, 1_000_000) ?? Defaults.ContextTokens),
            PauseSeconds = Within(parsed, _pause, 0, 3600) ?? Defaults.PauseSeconds,
            ReservedGib = Within(parsed, _reserved, 0, 1024) ?? Defaults.ReservedGib,
            KvBytesPerNumber = KvBytes(parsed.GetValue(_kv)),
            Cloud = Defaults.Cloud with
            {
                HardShare = Within(parsed, _hard, 0, 1) ?? Defaults.Cloud.HardShare,
                InputPrice = Within(parsed, _input, 0, 1e6) ?? Defaults.Cloud.InputPrice,
                OutputPrice = Within(parsed, _output, 0, 1e6) ?? Defaults.Cloud.OutputPrice,
            },
        };
        claim = Within(parsed, _claim, 0.01, 1e6);
        saturation = Within(parsed, _saturation, 0, 1);
        if (saturation is not null && claim is null)
        {
            _errors.Add("--saturated needs --claim: the speed at which the memory is said to be saturated.");
        }

        var device = parsed.GetValue(_board) is { } root ? Board(root) : Find("--device", parsed.GetValue(_device), "orin-nx-16gb", DeviceCatalogue.Default.Device);
        var model = Find("--model", parsed.GetValue(Model), "llama-3.2-3b-q4_k_m", ModelOf);
        if (_errors.Count > 0)
        {
            throw new SettingsException([.. _errors]);
        }

        setup = new Setup(device!, model.Model, model.Quantisation, options.Engine);
        return options;
    }

    private DeviceSpec? Board(string root)
    {
        var sensors = BoardDevice.Look(root);
        var device = BoardDevice.Find(DeviceCatalogue.Default, sensors);
        if (device is null)
        {
            _errors.Add($"--board: the catalogue has no board like '{sensors?.Board ?? root}'. --device names one.");
        }

        return device;
    }

    private static (ModelSpec Model, Quantisation Quantisation) ModelOf(string name)
    {
        if (!name.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase))
        {
            return DeviceCatalogue.Default.Model(name);
        }

        var file = GgufFile.Read(name);
        return (ModelSpec.Of(file), Quantisation.Of(file, DeviceCatalogue.Default));
    }

    private static Option<string?> Number(string name, string description, double value) =>
        new(name) { Description = string.Create(CultureInfo.InvariantCulture, $"{description}; default: {value}."), HelpName = "N" };

    private T? Find<T>(string option, string? name, string example, Func<string, T> find)
    {
        if (name is null)
        {
            _errors.Add($"{option} is missing, e.g. {option} {example}. hc plan --list tells what there is.");
            return default;
        }

        try
        {
            return find(name);
        }
        catch (ArgumentException wrong)
        {
            _errors.Add($"{option}: {wrong.Message.Split(" (Parameter", 2)[0]}");
            return default;
        }
    }

    private string Engine(string? name)
    {
        var engines = DeviceCatalogue.Default.Figures.Select(figure => figure.Setup.Engine).Distinct().ToList();
        if (name is null || engines.Contains(name))
        {
            return name ?? Defaults.Engine;
        }

        _errors.Add($"--engine: '{name}' is not allowed; allowed: {string.Join(", ", engines)}.");
        return name;
    }

    private double KvBytes(string? type)
    {
        if (type is not (null or "f16" or "q8_0"))
        {
            _errors.Add($"--kv-type: '{type}' is not allowed; allowed: f16 or q8_0.");
        }

        return type == "q8_0" ? 34.0 / 32 : 2;
    }

    private double? Within(ParseResult parsed, Option<string?> option, double min, double max)
    {
        if (parsed.GetValue(option) is not { } text)
        {
            return null;
        }

        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max)
        {
            return number;
        }

        _errors.Add(string.Create(CultureInfo.InvariantCulture, $"{option.Name}: '{text}' is not allowed; allowed: {min} to {max}."));
        return null;
    }
}
