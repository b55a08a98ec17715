using System.CommandLine;
using System.Globalization;
using HybridConversations.Simulation.Catalogue;
using HybridConversations.Simulation.Measuring;
using HybridConversations.Simulation.Planning;

namespace HybridConversations.Cli.Commands;

/// <summary><c>hc plan</c>: what to expect of a model on a device, and why (docs/planning.md).</summary>
internal static class PlanCommand
{
    public static Command Create()
    {
        var options = new PlanCommandOptions();
        var command = new Command("plan", "Tell what a device does with a model: speed, first token, voices, memory, cloud, power; and whether a claimed figure is possible.");
        options.AddTo(command);
        command.SetAction((parsed, cancellationToken) => Run(parsed, options, cancellationToken));
        return command;
    }

    private static async Task<int> Run(ParseResult parsed, PlanCommandOptions options, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(options.List))
        {
            List(DeviceCatalogue.Default, Console.Out);
            return ExitCodes.Success;
        }

        return parsed.GetValue(options.Measure) ? await Measure(parsed.GetValue(options.Model), cancellationToken) : Plan(parsed, options);
    }

    private static int Plan(ParseResult parsed, PlanCommandOptions options)
    {
        var read = options.Read(parsed, out var setup, out var claim, out var saturation);
        var plan = Planner.Default.Plan(setup.Device, setup.Model, setup.Quantisation, read);
        PlanReport.Write(plan, Console.Out);
        if (claim is { } claimed)
        {
            Console.Out.WriteLine();
            var judged = Claim.Of(plan.Setup, claimed, DecodeModel.Default, DeviceCatalogue.Default.Figures);
            Console.Out.WriteLine($"Claim: {judged.Verdict}. {judged.Reason}");
            if (saturation is { } share)
            {
                Console.Out.WriteLine($"Saturated? {Claim.Saturation(plan.Setup, claimed, share)}");
            }
        }

        if (parsed.GetValue(options.Plot) is { } plot)
        {
            File.WriteAllText(plot, PlanPlot.Render(plan));
        }

        return ExitCodes.Success;
    }

    /// <summary>Loads the model as <c>hc serve</c> would, calibrates, and compares.</summary>
    private static async Task<int> Measure(string? model, CancellationToken cancellationToken)
    {
        await using var engine = await MeasuringEngine.Load(model, cancellationToken);
        var (profile, checks) = await CalibrationCheck.Run(engine, rounds: 5, cancellationToken);
        Console.Out.WriteLine(Text($"{profile.Name}: calibrated at {string.Join(", ", profile.Steps.Select(step => step.Rows))} streams; a prompt's token takes {profile.ReadMsPerToken:0.00} ms"));
        foreach (var check in checks)
        {
            Console.Out.WriteLine(Text($"{check.Streams,3} at once   predicted {check.Predicted,7:0.0} tok/s   measured {check.Measured,7:0.0}   {check.Error:+0.0%;-0.0%}"));
        }

        return ExitCodes.Success;
    }

    private static void List(DeviceCatalogue catalogue, TextWriter output)
    {
        foreach (var device in catalogue.Devices)
        {
            output.WriteLine(Text($"{device.FullId,-32} {device.Name}, {device.BandwidthGbs} GB/s, {device.Watts} W. {device.Source}"));
        }

        output.WriteLine();
        foreach (var model in catalogue.Models)
        {
            output.WriteLine(Text($"{model.Id,-32} {model.ParametersB:0.00} billion weights, {model.Architecture}. {model.Source}"));
        }

        output.WriteLine();
        foreach (var quantisation in catalogue.Quantisations)
        {
            output.WriteLine(Text($"{quantisation.Id,-32} {quantisation.BodyBits} bits. {quantisation.Source}"));
        }

        output.WriteLine();
        foreach (var figure in catalogue.Figures)
        {
            output.WriteLine($"{figure}{(figure.Doubt is { } doubt ? $"; {doubt}" : "")}");
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
