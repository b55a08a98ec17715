using System.CommandLine;
using System.Globalization;
using HybridConversations.Cli.Settings;
using HybridConversations.Simulation.Catalogue;
using HybridConversations.Simulation.Devices;
using HybridConversations.Simulation.Fleet;
using HybridConversations.Simulation.Planning;

namespace HybridConversations.Cli.Commands;

/// <summary><c>hc simulate</c>: a fleet on a virtual clock, with the real engine, router and placement (docs/capacity.md).</summary>
internal static class SimulateCommand
{
    /// <summary>A day of a household product: quiet at night, most in the evening. By hour, relative.</summary>
    private static readonly double[] Day = [2, 1, 1, 1, 1, 2, 4, 7, 9, 8, 8, 9, 11, 10, 9, 9, 10, 12, 14, 15, 14, 11, 7, 4];

    public static Command Create()
    {
        var device = new Option<string?>("--device") { Description = "A Jetson of hc plan --list; default: orin-nx-16gb.", HelpName = "DEVICE" };
        var model = new Option<string?>("--model") { Description = "A model of hc plan --list; default: llama-3.2-3b-q4_k_m.", HelpName = "MODEL" };
        var engine = new Option<string?>("--engine") { Description = "Whose speed the devices have; default: llama.cpp.", HelpName = "NAME" };
        var plot = new Option<string?>("--plot") { Description = "Draw the time line to this SVG file.", HelpName = "FILE" };
        var day = new Option<bool>("--day") { Description = "Spread the beginnings over the time as over the hours of a day." };
        var noCloud = new Option<bool>("--no-cloud") { Description = "No cloud is there." };
        var notSticky = new Option<bool>("--not-sticky") { Description = "Place every turn anew, wherever its KV is." };
        var notCounted = new Option<bool>("--not-counted") { Description = "Silos do not count what they have sent since the last report: to see what that is worth." };
        var numbers = ScenarioNumber.All.Select(number => (Number: number, Option: new Option<string?>(number.Name)
        {
            Description = string.Create(CultureInfo.InvariantCulture, $"{number.Description}; default: {number.Default} ({number.Min} to {number.Max})."),
            HelpName = "N",
        })).ToList();
        var command = new Command("simulate", "Simulate a fleet: arrivals, turns, barge-ins, failures, on the real scheduling, routing, placement and KV policies.") { device, model, engine, day, noCloud, notSticky, notCounted, plot };
        numbers.ForEach(number => command.Options.Add(number.Option));
        command.SetAction((parsed, cancellationToken) => Task.Run(
            () =>
            {
                var errors = new List<string>();
                var scenario = new FleetScenario
                {
                    Device = Shape(parsed.GetValue(device), parsed.GetValue(model), parsed.GetValue(engine), errors),
                    Devices = 1,
                    Conversations = 1,
                    Arrivals = parsed.GetValue(day) ? Day : [1],
                    Cloud = !parsed.GetValue(noCloud),
                    Sticky = !parsed.GetValue(notSticky),
                    CountSent = !parsed.GetValue(notCounted),
                };
                foreach (var (number, option) in numbers)
                {
                    scenario = number.Read(scenario, parsed.GetValue(option), errors);
                }

                return Run(errors.Count == 0 ? scenario : throw new SettingsException(errors), parsed.GetValue(plot), cancellationToken);
            },
            cancellationToken));
        return command;
    }

    private static int Run(FleetScenario scenario, string? plot, CancellationToken cancellationToken)
    {
        var result = FleetSimulation.Run(scenario, cancellationToken);
        FleetReport.Write(result, Console.Out);
        if (plot is not null)
        {
            File.WriteAllText(plot, FleetReport.Plot(result));
        }

        return ExitCodes.Success;
    }

    private static DeviceShape Shape(string? device, string? model, string? engine, List<string> errors)
    {
        var options = new PlanOptions();
        var setup = new Setup(DeviceCatalogue.Default.Devices[0], DeviceCatalogue.Default.Models[0], DeviceCatalogue.Default.Quantisations[0], engine ?? options.Engine);
        try
        {
            var (spec, quantisation) = DeviceCatalogue.Default.Model(model ?? "llama-3.2-3b-q4_k_m");
            setup = setup with { Device = DeviceCatalogue.Default.Device(device ?? "orin-nx-16gb"), Model = spec, Quantisation = quantisation };
        }
        catch (ArgumentException wrong)
        {
            errors.Add(wrong.Message.Split(" (Parameter", 2)[0]);
        }

        if (errors.Count == 0 && !MemoryPlan.Of(setup, options).Fits)
        {
            errors.Add($"{setup.Model.Id}-{setup.Quantisation.Id} does not fit on {setup.Device.Id} (hc plan shows why).");
        }

        return errors.Count == 0 ? DeviceShape.Planned(setup, options) : new DeviceShape(new StepTime((_, _) => 1, 1, 1), 1, 0, 0);
    }
}
