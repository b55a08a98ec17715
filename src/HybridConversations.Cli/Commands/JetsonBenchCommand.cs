using System.CommandLine;
using System.Globalization;
using HybridConversations.Cli.Settings;
using HybridConversations.Inference.Models;
using HybridConversations.Simulation.Catalogue;
using HybridConversations.Simulation.Measuring;
using HybridConversations.Simulation.Planning;

namespace HybridConversations.Cli.Commands;

/// <summary><c>hc bench jetson</c>: the mission's measurements on the board that it runs on, beside what was planned (docs/planning.md).</summary>
internal static class JetsonBenchCommand
{
    private const int MaxRounds = 100;

    public static Command Create()
    {
        var models = new Option<string[]>("--model") { Description = "A GGUF file, or the name of one that was pulled; as often as wanted. Default: what hc serve takes.", HelpName = "FILE" };
        var rounds = new Option<int>("--rounds") { Description = "Rounds of which the medians are told, 1 to 100; default: 3.", HelpName = "N", DefaultValueFactory = _ => 3 };
        var device = new Option<string?>("--device") { Description = "The board in hc plan --list, where it is not recognised.", HelpName = "DEVICE" };
        var root = new Option<string>("--system-root") { Description = KnownSettings.SystemRoot.Description, HelpName = "DIR", DefaultValueFactory = _ => "/" };
        var file = new Option<string?>("--out") { Description = "Write the tables to this file, too.", HelpName = "FILE" };
        var command = new Command("jetson", "Measure this board: answers of 30, 50 and 100 tokens, 1 to 16 streams; with power mode, clocks and heat, and what hc plan expects. Stop hc serve first.")
        {
            models, rounds, device, root, file,
        };
        command.SetAction((parsed, cancellationToken) => Run(
            parsed.GetValue(models) is { Length: > 0 } named ? named : new string?[] { null }, Rounds(parsed.GetValue(rounds)), parsed.GetValue(device), parsed.GetValue(root)!, parsed.GetValue(file), cancellationToken));
        return command;
    }

    private static async Task<int> Run(IReadOnlyList<string?> models, int rounds, string? device, string root, string? file, CancellationToken cancellationToken)
    {
        var text = new StringWriter(CultureInfo.InvariantCulture);
        text.WriteLine(string.Create(CultureInfo.InvariantCulture, $"# hc bench jetson, {DateTimeOffset.UtcNow:yyyy-MM-dd HH:mm} UTC, {Environment.ProcessorCount} processors, medians of {rounds} rounds"));
        foreach (var model in models)
        {
            await using var engine = await MeasuringEngine.Load(model, cancellationToken);
            var figures = await BoardBench.Measure(engine, rounds, sensors: () => BoardDevice.Look(root), cancellationToken: cancellationToken);
            text.WriteLine();
            BoardReport.Write(figures, Plan(model, device, figures.After), text);
        }

        Console.Out.Write(text);
        if (file is not null)
        {
            await File.WriteAllTextAsync(file, text.ToString(), cancellationToken);
        }

        return ExitCodes.Success;
    }

    /// <summary>What is planned for the board as it is; null where the catalogue has none like it.</summary>
    private static DevicePlan? Plan(string? model, string? device, MachineSensors? sensors)
    {
        var board = device is null ? BoardDevice.Find(DeviceCatalogue.Default, sensors) : Named(device);
        if (board is null)
        {
            return null;
        }

        var given = new Dictionary<Setting, string>();
        if (model is not null)
        {
            given[KnownSettings.Model] = model;
        }

        var file = GgufFile.Read(ServerSettings.Read(SettingsSources.OfProcess(given)).Backend.ModelPath);
        return Planner.Default.Plan(
            board, ModelSpec.Of(file), Quantisation.Of(file, DeviceCatalogue.Default), new PlanOptions { TurnTokens = BoardBench.SaidTokens, ContextTokens = 100, OverheadMs = 0 });
    }

    private static DeviceSpec Named(string device)
    {
        try
        {
            return DeviceCatalogue.Default.Device(device);
        }
        catch (ArgumentException unknown)
        {
            throw new SettingsException([$"--device: {unknown.Message.Split(" (Parameter", 2)[0]}"]);
        }
    }

    private static int Rounds(int rounds) =>
        rounds is >= 1 and <= MaxRounds ? rounds : throw new SettingsException([string.Create(CultureInfo.InvariantCulture, $"--rounds: '{rounds}' is not allowed; allowed: 1 to {MaxRounds}.")]);
}
