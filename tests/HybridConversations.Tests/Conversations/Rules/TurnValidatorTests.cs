using HybridConversations.Conversations;

namespace HybridConversations.Tests.Conversations;

public sealed class TurnValidatorTests
{
    private static readonly Turn Valid = new() { TurnId = "t1", Text = "hello" };

    public static TheoryData<string, Turn> Wrong => new()
    {
        { "turnId", Valid with { TurnId = null! } },
        { "turnId", Valid with { TurnId = "" } },
        { "turnId", Valid with { TurnId = new string('x', 129) } },
        { "turnId", Valid with { TurnId = "a\nb" } },
        { "turnId", Valid with { TurnId = "a\u200bb" } },
        { "turnId", Valid with { TurnId = " a" } },
        { "turnId", Valid with { TurnId = "\ud83d" } },
        { "text", Valid with { Text = null! } },
        { "text", Valid with { Text = " \n" } },
        { "text", Valid with { Text = new string('x', Limits.MaxTurnCharacters + 1) } },
        { "text", Valid with { Text = "a\ud83d" } },
        { "text", Valid with { Text = "\ude00\ud83d" } },
        { "text", Valid with { Text = "a\0b" } },
        { "system", Valid with { System = new string('x', Limits.MaxSystemCharacters + 1) } },
        { "system", Valid with { System = "\udc00" } },
        { "tenant", Valid with { Tenant = "" } },
        { "deadlineMs", Valid with { DeadlineMs = 0 } },
        { "think", Valid with { Think = (ThinkMode)9 } },
        { "priority", Valid with { Priority = (TurnPriority)9 } },
        { "sampling", Valid with { Sampling = null! } },
        { "maxTokens", Sampled(new() { MaxTokens = 0 }) },
        { "temperature", Sampled(new() { Temperature = -0.1 }) },
        { "temperature", Sampled(new() { Temperature = 2.1 }) },
        { "temperature", Sampled(new() { Temperature = double.NaN }) },
        { "topP", Sampled(new() { TopP = 0 }) },
        { "topP", Sampled(new() { TopP = 1.1 }) },
        { "topK", Sampled(new() { TopK = -1 }) },
        { "minP", Sampled(new() { MinP = 1.5 }) },
        { "repeatPenalty", Sampled(new() { RepeatPenalty = 0 }) },
        { "repeatLastTokens", Sampled(new() { RepeatLastTokens = -2 }) },
        { "logitBias", Sampled(new() { LogitBias = new Dictionary<int, double> { [1] = double.NaN } }) },
        { "typicalP", Sampled(new() { TypicalP = 0 }) },
        { "dryMultiplier", Sampled(new() { DryMultiplier = double.PositiveInfinity }) },
        { "dryBase", Sampled(new() { DryBase = 0.5 }) },
        { "dryAllowedLength", Sampled(new() { DryAllowedLength = 0 }) },
        { "dryBreakers", Sampled(new() { DryBreakers = [""] }) },
        { "xtcProbability", Sampled(new() { XtcProbability = -0.1 }) },
        { "xtcThreshold", Sampled(new() { XtcThreshold = 1.1 }) },
        { "frequencyPenalty", Sampled(new() { FrequencyPenalty = 2.5 }) },
        { "presencePenalty", Sampled(new() { PresencePenalty = double.PositiveInfinity }) },
        { "topLogProbs", Sampled(new() { TopLogProbs = 21 }) },
        { "stop", Sampled(new() { Stop = null! }) },
        { "stop", Sampled(new() { Stop = [.. Enumerable.Range(0, 17).Select(i => $"{i}")] }) },
        { "stop[1]", Sampled(new() { Stop = ["a", ""] }) },
        { "stop[0]", Sampled(new() { Stop = [new string('x', 257)] }) },
        { "grammar", Sampled(new() { Grammar = new string('x', Limits.MaxGrammarCharacters + 1) }) },
        { "exclude", Sampled(new() { Grammar = "root ::= \"a\"", JsonSchema = "{}" }) },
        { "jsonSchema", Sampled(new() { JsonSchema = "{" }) },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Names_what_is_wrong(string name, Turn turn)
    {
        var problem = TurnValidator.Check(turn)!;
        Assert.Equal((ProblemCodes.Invalid, 400), (problem.Code, problem.Status));
        Assert.Contains(name, problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Everything_at_its_bounds_is_allowed() => Assert.Null(TurnValidator.Check(new Turn
    {
        TurnId = "0f 😀 ünï_code:~." + new string('x', 111),
        Text = new string('x', Limits.MaxTurnCharacters - 2) + "😀",
        System = "",
        DeadlineMs = 1,
        Sampling = new SamplingOptions
        {
            MaxTokens = 1,
            Temperature = 2,
            TopP = 1,
            TopK = 0,
            MinP = 1,
            FrequencyPenalty = -2,
            PresencePenalty = 2,
            Seed = -1,
            Stop = [.. Enumerable.Repeat(new string('s', 256), 16)],
            JsonSchema = "{\"type\":\"object\"}",
            TopLogProbs = 20,
        },
    }));

    [Fact]
    public void Names_all_errors_at_once()
    {
        var problem = TurnValidator.Check(new Turn { TurnId = "", Text = "", Tenant = "", DeadlineMs = -1, Sampling = new SamplingOptions { TopK = -1, Stop = [""] } })!;
        Assert.All(["turnId", "text", "tenant", "deadlineMs", "topK", "stop[0]"], name => Assert.Contains(name, problem.Detail, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("q3/5+x==")]
    [InlineData("..")]
    public void A_turn_id_is_no_path(string id) => Assert.Null(TurnValidator.Check(Valid with { TurnId = id }));

    [Theory]
    [InlineData("a")]
    [InlineData("user 7 (kitchen)")]
    public void Ids_of_conversations_follow_the_same_rules(string id) => Assert.Null(Conversation.CheckId(id));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("a%2fb")]
    [InlineData("a\u202eb")]
    [InlineData(".")]
    public void Others_are_refused(string? id) => Assert.Equal(ProblemCodes.Invalid, Conversation.CheckId(id)!.Code);

    [Fact]
    public void Options_name_every_error_at_once()
    {
        var wrong = new ConversationOptions
        {
            DefaultSystem = "\0",
            MaxWindowTurns = 1,
            MaxWindowCharacters = 0,
            RouterTurns = -1,
            MaxWaiting = 0,
            StoreTimeout = TimeSpan.Zero,
            ReaderTimeout = TimeSpan.FromDays(1),
            ResumeGrace = TimeSpan.FromHours(1),
        };
        var problem = Assert.Throws<ProblemException>(wrong.Validate).Problem;
        Assert.All(
            ["DefaultSystem", "MaxWindowTurns", "MaxWindowCharacters", "RouterTurns", "MaxWaiting", "StoreTimeout", "ReaderTimeout", "ResumeGrace"],
            name => Assert.Contains(name, problem.Detail, StringComparison.Ordinal));
        new ConversationOptions().Validate();
    }

    private static Turn Sampled(SamplingOptions sampling) => Valid with { Sampling = sampling };
}
