using System.Text;
using System.Text.Json;
using HybridConversations.Inference.Grammar;
using HybridConversations.Inference.Replies;
using HybridConversations.Inference.Tests.Templates;
using HybridConversations.Tests.Common;

namespace HybridConversations.Inference.Tests.Replies;

/// <summary>A model that says anything at random, held to the form of calls of each family: what comes out is read as calls, and their arguments follow the schema.</summary>
public sealed class CallConstraintTests
{
    private const string Weather = """{"type":"object","properties":{"town":{"enum":["Ulm","Köln"]},"days":{"type":"integer","minimum":1,"maximum":9}},"required":["town","days"]}""";
    private static readonly SimulatedBackend Backend = new();
    private static readonly GrammarLibrary Grammars = new(Backend);
    private static readonly (string, CompiledGrammar)[] Tools = ToolsOf(CallForm.Tagged);

    public static TheoryData<string> Families => [.. TemplateCases.Families.Where(family => !Form(family).IsHarmony)];

    [Theory]
    [MemberData(nameof(Families))]
    public void A_required_call_comes_first_and_its_arguments_follow_the_schema(string family)
    {
        for (var seed = 0; seed < 30; seed++)
        {
            var (calls, text) = Read(family, Run(new CallPlan(Form(family).Calls, ToolsOf(Form(family).Calls), Required: true, Parallel: false, Behind: null), "", seed), inThought: false);
            Check(Assert.Single(calls));
            Assert.Equal("", text);
        }
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Several_calls_have_the_form_too(string family)
    {
        var several = 0;
        for (var seed = 0; seed < 30; seed++)
        {
            var (calls, _) = Read(family, Run(new CallPlan(Form(family).Calls, ToolsOf(Form(family).Calls), Required: true, Parallel: true, Behind: null), "", seed), inThought: false);
            several += calls.Count > 1 ? 1 : 0;
            Assert.All(calls, Check);
        }

        Assert.True(several > 0 || Form(family).Calls.Between is null);
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void From_the_mark_on_a_call_is_held_to_its_form_and_text_before_it_is_free(string family)
    {
        for (var seed = 0; seed < 30; seed++)
        {
            var reply = Run(new CallPlan(Form(family).Calls, ToolsOf(Form(family).Calls), Required: false, Parallel: false, Behind: null), "Let me < see. " + Form(family).Calls.Open, seed);
            var (calls, text) = Read(family, reply, inThought: false);
            Check(Assert.Single(calls));
            Assert.Equal("Let me < see. ", text);
        }
    }

    /// <summary>gpt-oss: the thought first, if any, then a call whose header names a function and whose content follows its schema.</summary>
    [Theory]
    [InlineData("", true)]
    [InlineData("<|channel|>analysis<|message|>I need < the weather.<|end|><|start|>assistant<|channel|>commentary to=functions.", false)]
    [InlineData("<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant to=functions.", false)]
    public void Calls_in_channels_are_held_to_their_schema(string beginning, bool required)
    {
        var form = Form("gpt-oss").Calls;
        var after = new HashSet<string>(StringComparer.Ordinal);
        for (var seed = 0; seed < 60; seed++)
        {
            var reply = Run(new CallPlan(form, ToolsOf(form), required, Parallel: false, Behind: null), beginning, seed, inCall: true);
            var (calls, text) = Read("gpt-oss", reply, inThought: false);
            Check(Assert.Single(calls));
            Assert.Equal("", text);
            after.Add(reply[(reply.LastIndexOf("to=functions.", StringComparison.Ordinal) + "to=functions.".Length + calls[0].Name.Length)..reply.LastIndexOf('{')]);
        }

        Assert.True(after.Count > 1, string.Join(", ", after)); // a header may be written in more ways than one
    }

    /// <summary>A text may be anything but the mark behind it, and it comes back as it was; what is optional may be left out.</summary>
    [Theory]
    [InlineData("qwen3-coder", "<parameter=note>\nline < one\n\n  \"two\" </b> {}\n\n</parameter>\n</function>\n</tool_call>", "{\"note\": \"line < one\\n\\n  \\\"two\\\" </b> {}\\n\"}")]
    [InlineData("qwen3-coder", "<parameter=note>\n\n</parameter>\n<parameter=days>\n3\n</parameter>\n</function>\n</tool_call>", "{\"note\": \"\", \"days\": 3}")]
    [InlineData("glm4", "<arg_key>note</arg_key>\n<arg_value>42</arg_value>\n</tool_call>", "{\"note\": \"42\"}")]
    [InlineData("glm4", "<arg_key>note</arg_key>\n<arg_value>a << b\nc</arg_value>\n<arg_key>days</arg_key>\n<arg_value>9</arg_value>\n</tool_call>", "{\"note\": \"a << b\\nc\", \"days\": 9}")]
    [InlineData("gemma4", "note:<|\"|>a, \"b\" }<|\"|>}<tool_call|>", "{\"note\": \"a, \\\"b\\\" }\"}")]
    [InlineData("gemma4", "days:3,note:<|\"|><|\"|>}<tool_call|>", "{\"days\": 3, \"note\": \"\"}")]
    public void Texts_are_free_and_what_is_optional_may_be_left_out(string family, string arguments, string expected)
    {
        var form = Form(family).Calls;
        var grammar = Grammars.Compile(form.GrammarOf("""{"type":"object","properties":{"note":{"type":"string"},"days":{"type":"integer"}},"required":["note"]}"""));
        var call = form.Open + form.Lead + form.BeforeName + "f" + form.AfterName + arguments;
        var constraint = new CallConstraint(new CallPlan(form, [("f", grammar)], Required: true, Parallel: false, Behind: null), Backend);
        foreach (var value in Encoding.UTF8.GetBytes(call))
        {
            Assert.True(constraint.Allows(value), $"'{(char)value}' in {call}");
            constraint.Accept(value);
        }

        Assert.True(constraint.IsEnd);
        var (calls, text) = Read(family, call, inThought: false);
        Assert.Equal(("f", expected, ""), (calls.Single().Name, calls.Single().Arguments, text));
        JsonElement.Parse(expected);
    }

    [Theory]
    [InlineData("qwen3-coder", "<parameter=da")]
    [InlineData("qwen3-coder", "</function>")]
    [InlineData("glm4", "</tool_call>")]
    [InlineData("gemma4", "}")]
    [InlineData("gemma4", "note:x")]
    public void What_is_required_must_come_and_in_its_form(string family, string arguments)
    {
        var form = Form(family).Calls;
        var grammar = Grammars.Compile(form.GrammarOf("""{"type":"object","properties":{"note":{"type":"string"},"days":{"type":"integer"}},"required":["note","days"]}"""));
        var constraint = new CallConstraint(new CallPlan(form, [("f", grammar)], Required: true, Parallel: false, Behind: null), Backend);
        var call = Encoding.UTF8.GetBytes(form.Open + form.Lead + form.BeforeName + "f" + form.AfterName + arguments);
        var refused = false;
        foreach (var value in call)
        {
            refused = !constraint.Allows(value);
            if (refused)
            {
                break;
            }

            constraint.Accept(value);
        }

        Assert.True(refused, $"{arguments} was allowed.");
    }

    [Fact]
    public void A_required_call_waits_for_the_end_of_a_thought_that_the_prompt_has_opened()
    {
        var reply = Run(new CallPlan(Form("qwen3").Calls, Tools, Required: true, Parallel: false, Behind: "</think>"), "I think < so.\n</think>", 3);
        var (calls, text) = Read("qwen3", reply, inThought: true);
        Check(Assert.Single(calls));
        Assert.Equal("", text);
    }

    [Fact]
    public void Control_tokens_are_no_part_of_arguments_and_the_end_waits()
    {
        var constraint = new CallConstraint(new CallPlan(CallForm.Tagged, [("f", Grammars.Compile(JsonSchemaGrammar.AnyObject))], Required: true, Parallel: false, Behind: null), Backend);
        foreach (var token in SimulatedModel.Tokenize("<tool_call>\n{\"name\": \"f\", \"arguments\": {\"a\": \"", parseSpecial: true))
        {
            Assert.False(constraint.Allows(SimulatedModel.MessageEnd));
            constraint.Accept(token);
        }

        Assert.All([SimulatedModel.MessageStart, SimulatedModel.MessageEnd, SimulatedModel.EndOfText], token => Assert.False(constraint.Allows(token)));
        foreach (var token in SimulatedModel.Tokenize("\"}}\n</tool_call>", parseSpecial: true))
        {
            Assert.True(constraint.Allows(token));
            constraint.Accept(token);
        }

        Assert.True(constraint.IsEnd);
    }

    [Fact]
    public void What_a_call_brings_is_told_at_once_however_it_is_cut()
    {
        const string Call = "{\"id\": [1, {\"x\": \"}\"}], \"name\" : \"f\", \"arguments\": {\"a\": \"q\\\"{\\\\\", \"b\": [ {}, \"]\" ]} } and more";
        for (var size = 1; size <= Call.Length; size++)
        {
            var reader = new CallReader(CallForm.Tagged, 0);
            var events = new List<DeviceEvent>();
            for (var at = 0; at < Call.Length && !reader.IsEnd; at += size)
            {
                events.AddRange(reader.Read(Call.Substring(at, Math.Min(size, Call.Length - at))));
            }

            Assert.Equal("f", Assert.Single(events.OfType<DeviceToolCall>()).Name);
            Assert.Equal("{\"a\": \"q\\\"{\\\\\", \"b\": [ {}, \"]\" ]}", string.Concat(events.OfType<DeviceToolArguments>().Select(e => e.Text)));
            Assert.True(events.OfType<DeviceToolArguments>().Last().IsEnd);
            Assert.StartsWith(reader.Rest, " and more", StringComparison.Ordinal);
        }
    }

    /// <summary>Counted in bytes allocated: to copy all that has come with each piece would take half a gigabyte.</summary>
    [Fact]
    public void Long_arguments_cost_no_more_a_piece_than_short_ones()
    {
        var reader = new CallReader(CallForm.Tagged, 0);
        _ = reader.Read("{\"name\": \"f\", \"arguments\": {\"a\": \"").ToArray();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 20_000; i++)
        {
            _ = reader.Read("xyzw").ToArray();
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 20_000 * 1_000);
        _ = reader.Read("\"}}").ToArray();
        Assert.True(reader.IsEnd);
    }

    /// <summary>What may come is found by a walk over the tokens' tree: between two marks it passes over nearly all of it.</summary>
    [Fact]
    public void A_mask_between_marks_looks_at_few_tokens_and_allows_the_same()
    {
        var constraint = new CallConstraint(new CallPlan(CallForm.Tagged, Tools, Required: true, Parallel: false, Behind: null), Backend);
        var logits = new float[SimulatedModel.VocabularySize];
        foreach (var value in Encoding.UTF8.GetBytes("<tool_call>\n{\"name\": \"get_weather\", \"arguments\": {"))
        {
            Array.Clear(logits);
            constraint.Mask(logits);
            Assert.All(Enumerable.Range(0, logits.Length), token => Assert.Equal(constraint.Allows(token), logits[token] == 0));
            constraint.Accept(value);
        }

        Assert.True(constraint.Work > 0);
    }

    private static ReplyForm Form(string family) => TemplateCases.Form(family);

    /// <summary>A reply that begins so and goes on at random, as the constraint has it, until it may end behind a call.</summary>
    private static string Run(CallPlan plan, string beginning, int seed, bool? inCall = null)
    {
        var constraint = new CallConstraint(plan, Backend);
        var random = new Random(seed);
        var bytes = new List<byte>(Encoding.UTF8.GetBytes(beginning));
        bytes.ForEach(value => constraint.Accept(value));
        var logits = new float[SimulatedModel.VocabularySize];
        var begun = inCall ?? plan.Required || beginning.EndsWith(plan.Form.Open, StringComparison.Ordinal);
        while (!constraint.IsEnd && bytes.Count < 2000 && !(begun && bytes.Count > beginning.Length && constraint.Allows(SimulatedModel.MessageEnd)))
        {
            Array.Clear(logits);
            constraint.Mask(logits);
            var allowed = Enumerable.Range(0, 256).Where(token => logits[token] == 0).ToArray();
            Assert.NotEmpty(allowed);
            var token = allowed[random.Next(allowed.Length)];
            Assert.True(constraint.Allows(token));
            constraint.Accept(token);
            bytes.Add((byte)token);
        }

        Assert.True(bytes.Count < 2000, Encoding.UTF8.GetString([.. bytes]));
        return Encoding.UTF8.GetString([.. bytes]);
    }

    private static (List<(string Name, string Arguments)> Calls, string Text) Read(string family, string reply, bool inThought)
    {
        var reader = Reader(Form(family), inThought);
        List<DeviceEvent> events = [.. reader.Read(reply)];
        events.AddRange(reader.End());
        var calls = events.OfType<DeviceToolCall>().Select(call => (call.Name, string.Concat(events.OfType<DeviceToolArguments>().Where(piece => piece.Index == call.Index).Select(piece => piece.Text)))).ToList();
        Assert.Equal(calls.Count, reader.Calls);
        return (calls, string.Concat(events.OfType<DeviceText>().Select(text => text.Text)));
    }

    private static IReplyReader Reader(ReplyForm form, bool inThought) =>
        form.IsHarmony ? new HarmonyReplyReader() : new MarkedReplyReader(form, inThought, readsCalls: true, (_, parameter) => parameter is "town" or "note");

    private static (string, CompiledGrammar)[] ToolsOf(CallForm form) =>
    [
        ("get", Grammars.Compile(form.GrammarOf("""{"type":"object","properties":{}}"""))),
        ("get_weather", Grammars.Compile(form.GrammarOf(Weather))),
        ("lamp", Grammars.Compile(form.GrammarOf("""{"type":"object","properties":{"on":{"type":"boolean"}},"required":["on"]}"""))),
    ];

    private static void Check((string Name, string Arguments) call)
    {
        var arguments = JsonElement.Parse(call.Arguments);
        switch (call.Name)
        {
            case "get":
                Assert.Empty(arguments.EnumerateObject());
                break;
            case "get_weather":
                Assert.Contains(arguments.GetProperty("town").GetString(), (string[])["Ulm", "Köln"]);
                Assert.InRange(arguments.GetProperty("days").GetInt32(), 1, 9);
                break;
            default:
                Assert.Equal("lamp", call.Name);
                arguments.GetProperty("on").GetBoolean();
                break;
        }
    }
}
