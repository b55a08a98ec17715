using HybridConversations.Routing;
using HybridConversations.Simulation.Catalogue;

namespace HybridConversations.Simulation.Planning;

/// <summary>Plans a device: everything follows from the two fitted models, the catalogue and the options.</summary>
public sealed class Planner(DecodeModel decode, ReadingModel reading)
{
    private static readonly int[] Contexts = [64, 512, 1000, 2000, 4000, 8000];
    private static readonly int[] StreamCounts = [1, 2, 4, 8, 12, 16];
    private static readonly int[] Prompts = [0, 30, 100, 300, 1000, 2000, 4000];
    private static readonly int[] AnswerLengths = [30, 50, 100];

    /// <summary>With everything in the catalogue.</summary>
    public static Planner Default { get; } = new(DecodeModel.Default, ReadingModel.Default);

    public DevicePlan Plan(DeviceSpec device, ModelSpec model, Quantisation quantisation, PlanOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var setup = new Setup(device, model, quantisation, options.Engine);
        var voices = VoiceCapacity.Of(streams => AnswerMs(setup, options, options.AnswerTokens, streams), options);
        return new DevicePlan
        {
            Setup = setup,
            Options = options,
            Roofline = Roofline.Of(setup),
            HasSeen = decode.HasSeen(setup, 1),
            Alone = [.. Contexts.Where(context => context <= model.TrainedContext).Select(context => Speed(setup, 1, context))],
            Together = [.. StreamCounts.Select(streams => Speed(setup, streams, options.ContextTokens))],
            FirstToken = [.. Prompts.Select(tokens => new FirstTokenPoint(tokens, FirstTokenMs(setup, options, tokens, 1)))],
            Answers = [.. AnswerLengths.Select(tokens => Answer(setup, options, tokens))],
            Voices = voices,
            Memory = MemoryPlan.Of(setup, options),
            Cloud = CloudOf(setup, options),
            Power = PowerOf(setup, options, Math.Max(1, voices.Streams)),
        };
    }

    private SpeedPoint Speed(Setup setup, int streams, int context) => new(streams, context, decode.TokensPerSecond(setup, streams, context));

    /// <summary>The step that reads the turn's words also computes a row of everybody else, and never takes less than one of these.</summary>
    private Estimate FirstTokenMs(Setup setup, PlanOptions options, int promptTokens, int streams)
    {
        var step = decode.StepMs(setup, streams, options.ContextTokens);
        var read = reading.ReadMs(setup, promptTokens);
        return new Estimate(options.OverheadMs, options.OverheadMs, options.OverheadMs)
            .Plus(streams > 1 ? read.Plus(step) : new Estimate(Math.Max(read.Value, step.Value), Math.Max(read.Low, step.Low), Math.Max(read.High, step.High)));
    }

    /// <summary>Until an answer is whole: its first token, then a step for each other.</summary>
    private Estimate AnswerMs(Setup setup, PlanOptions options, int tokens, int streams) =>
        FirstTokenMs(setup, options, options.TurnTokens, streams).Plus(decode.StepMs(setup, streams, options.ContextTokens).Times(tokens - 1));

    private AnswerPoint Answer(Setup setup, PlanOptions options, int tokens)
    {
        var seconds = AnswerMs(setup, options, tokens, 1).Times(0.001);
        return new AnswerPoint(tokens, seconds, seconds.Value <= options.BudgetSeconds);
    }

    private CloudPlan CloudOf(Setup setup, PlanOptions options)
    {
        var cloud = options.Cloud;
        var share = RouterCalibration.Default.ShareAt(cloud.Threshold, cloud.HardShare);
        var call = ((cloud.PromptTokens * cloud.InputPrice) + (cloud.AnswerTokens * cloud.OutputPrice)) / 1e6;
        var turnsAnHour = 3600 / (options.PauseSeconds + (AnswerMs(setup, options, options.AnswerTokens, 1).Value / 1000));
        return new CloudPlan(share, 1000 * share * call, turnsAnHour * share * call);
    }

    private PowerPlan PowerOf(Setup setup, PlanOptions options, int streams) => new(
        setup.Device.Watts, setup.Device.Watts / Speed(setup, 1, options.ContextTokens).TokensPerSecond.Value,
        setup.Device.Watts / Speed(setup, streams, options.ContextTokens).TokensPerSecond.Value);
}
