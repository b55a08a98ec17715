using HybridConversations.Inference.Templates;

namespace HybridConversations.Inference.Tests.Templates;

/// <summary>Conversations that templates refuse by themselves, written in a way that they take.</summary>
public sealed class ChatTemplateTests
{
    private const string Weather = """{"type":"object","properties":{"town":{"type":"string"}},"required":["town"]}""";
    private static readonly ToolDefinition[] Tools = [new("get_weather", "The weather", Weather)];
    private static readonly ChatMessage System = new(ChatMessage.System, "Be brief-1.");

    public static TheoryData<string> Families => [.. TemplateCases.Families.Where(family => family != "blocks")];

    [Theory]
    [MemberData(nameof(Families))]
    public void Everything_that_was_said_is_in_the_prompt_in_its_order(string family)
    {
        var template = Template(family);
        Assert.Null(template.Problem);
        ChatMessage[] turns = [User("Hello-2"), Assistant("Hi-3"), User("How-4"), User("More-5"), new(ChatMessage.System, "German-6"), User("Well-7")];
        AssertHolds(template, ["1.", "-2", "-3", "-4", "-5", "-6", "-7"], [System, .. turns]);
        AssertHolds(template, ["-2", "-3", "-4", "-5", "-6", "-7"], turns);
        AssertHolds(template, ["-3", "-4"], [Assistant("Hi-3"), User("How-4")]);
        AssertHolds(template, ["1."], [System]);
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Calls_and_their_results_are_in_the_prompt_whatever_the_template_knows_of_them(string family)
    {
        var template = Template(family);
        ChatMessage[] turns =
        [
            User("Weather-2"),
            Assistant("") with { ToolCalls = [new("call_1234567890", "get_weather", """{"town": "Ulm-3"}"""), new("call_0987654321", "get_weather", """{"town": "Bonn-4"}""")] },
            Result("call_1234567890", "rain-5"), Result("call_0987654321", "sun-6"),
            Assistant("Wet-7 and dry."), User("Thanks-8"),
        ];
        var prompt = template.Render(new ChatInput([System, .. turns]) { Tools = Tools });
        foreach (var part in (string[])["get_weather", "town", "-1", "-2", "Ulm-3", "Bonn-4", "rain-5", "sun-6", "-7", "-8"])
        {
            Assert.True(prompt.Contains(part, StringComparison.Ordinal), $"{part} is not in:\n{prompt}");
        }

        Assert.DoesNotContain("[object", prompt);
        Assert.DoesNotContain("undefined", prompt);
        Assert.Contains("rain-5", template.Render(new ChatInput([.. turns[..3]]) { Tools = Tools }));
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void An_assistants_message_at_the_end_is_continued(string family)
    {
        var template = Template(family);
        var open = template.Render(new ChatInput([System, User("Count")]) { Thinking = false });
        var continued = template.Render(new ChatInput([System, User("Count"), Assistant("One, two,")]));
        Assert.StartsWith(open, continued, StringComparison.Ordinal);
        Assert.EndsWith("One, two,", continued, StringComparison.Ordinal);
        Assert.True(continued.LastIndexOf("<think>", StringComparison.Ordinal) <= continued.LastIndexOf("</think>", StringComparison.Ordinal), continued);
        Assert.EndsWith("Welcome", template.Render(new ChatInput([Assistant("Welcome")])), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void A_prompt_begins_as_the_prompt_of_the_turn_before(string family)
    {
        var template = Template(family);
        ChatMessage[] turns = [System, User("Hello"), Assistant("Hi there"), User("How are you?"), Assistant("Fine"), User("Good")];
        var open = template.Render(new ChatInput(turns[..4]));
        var next = template.Render(new ChatInput(turns));

        // Some templates put the system prompt into the last message of the person, or open a thought that the past does not show.
        var shared = open.AsSpan().CommonPrefixLength(next);
        Assert.True(family == "mistral-v3" ? shared > 3 : shared > open.LastIndexOf("How are you?", StringComparison.Ordinal) + 10, $"{shared} of {open.Length}:\n{open}\n---\n{next}");
    }

    [Theory]
    [InlineData("{% if %}", "cannot be read")]
    [InlineData("{% frobnicate %}", "cannot be read")]
    [InlineData("{{ raise_exception('never') }}", "never")]
    [InlineData("{{ messages.foo() }}", "fails")]
    [InlineData("{% for m in range(1000000000) %}{% endfor %}", "fails")]
    [InlineData("A constant", "leaves out")]
    [InlineData("", "missing")]
    [InlineData(null, "missing")]
    public void What_cannot_be_used_is_chatml_and_says_why(string? source, string reason)
    {
        var template = new ChatTemplate(source, "<s>", "</s>");
        Assert.Contains(reason, template.Problem);
        Assert.Equal("<|im_start|>system\nBe brief-1.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n", template.Render(new ChatInput([System, User("Hi")])));
        Assert.Equal(["<|im_end|>"], template.Ends);
    }

    [Fact]
    public void A_template_may_ask_for_the_date_of_the_conversation()
    {
        var template = Template("llama3.2");
        Assert.True(template.HoldsDate);
        var prompt = template.Render(new ChatInput([User("Hi")]) { Date = new DateTimeOffset(2031, 2, 3, 4, 5, 6, TimeSpan.Zero) });
        Assert.Contains("Today Date: 03 Feb 2031", prompt);
    }

    [Fact]
    public void Variables_of_the_caller_reach_the_template()
    {
        Assert.EndsWith("<think>\n\n</think>\n\n", Template("qwen3").Render(new ChatInput([User("Hi")]) { Thinking = false }), StringComparison.Ordinal);
        Assert.EndsWith("<think>\n\n</think>\n\n", Template("qwen3").Render(new ChatInput([User("Hi")]) { Variables = """{"enable_thinking": false}""" }), StringComparison.Ordinal);
        Assert.Contains("Reasoning: high", Template("gpt-oss").Render(new ChatInput([User("Hi")]) { Effort = "high" }));
        Assert.DoesNotContain("undefined", Template("qwen3").Render(new ChatInput([User("Hi")]) { Variables = "no JSON" }));
    }

    [Fact]
    public void Arguments_that_are_no_json_stay_text()
    {
        var prompt = Template("qwen3").Render(new ChatInput([User("Hi"), Assistant("") with { ToolCalls = [new("x", "f", "{broken")] }, Result("x", "no")]) { Tools = Tools });
        Assert.Contains("\"arguments\": {broken}", prompt);
    }

    private static ChatTemplate Template(string family) => new(TemplateCases.Source(family), "<s>", "</s>");

    private static ChatMessage User(string text) => new(ChatMessage.User, text);

    private static ChatMessage Assistant(string text) => new(ChatMessage.Assistant, text);

    private static ChatMessage Result(string id, string text) => new(ChatMessage.Tool, text) { ToolCallId = id, Name = "get_weather" };

    private static void AssertHolds(ChatTemplate template, string[] parts, ChatMessage[] messages)
    {
        var prompt = template.Render(new ChatInput(messages));
        var at = 0;

        // DeepSeek gathers all instructions at the beginning, and Mistral puts them into the last message.
        var movesSystem = template.Source.Contains("system_prompt + ", StringComparison.Ordinal) || template.Source.Contains("loop.last and system_message", StringComparison.Ordinal);
        foreach (var part in parts)
        {
            var next = prompt.IndexOf(part, at, StringComparison.Ordinal);
            Assert.True(next >= 0 || (movesSystem && prompt.Contains(part, StringComparison.Ordinal)), $"{part} is not behind {at} in:\n{prompt}");
            at = Math.Max(next, at);
        }
    }
}
