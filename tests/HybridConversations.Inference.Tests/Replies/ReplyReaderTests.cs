using System.Text;
using HybridConversations.Inference.Replies;
using HybridConversations.Inference.Tests.Templates;

namespace HybridConversations.Inference.Tests.Replies;

/// <summary>Replies as models of each family write them, whole, letter by letter, and cut anywhere: always the same calls, thoughts and text.</summary>
public sealed class ReplyReaderTests
{
    public static TheoryData<string, string, string> Replies => new()
    {
        // family, reply, what it is: T text, R thought, C name arguments
        { "qwen3", "Hello.", "T:Hello." },
        { "qwen3", "<think>\nHm.\n</think>\n\nHello.", "R:\nHm.\n|T:Hello." },
        { "qwen3", "<tool_call>\n{\"name\": \"f\", \"arguments\": {\"a\": \"x\"}}\n</tool_call>", "C:f{\"a\": \"x\"}" },
        { "qwen3", "<think>So.</think>\n\nLet me see.\n<tool_call>\n{\"name\": \"f\", \"arguments\": {}}\n</tool_call>\n<tool_call>\n{\"name\": \"g\", \"arguments\": {\"b\": [1, {\"c\": \"}\"}]}}\n</tool_call>", "R:So.|T:Let me see.\n|C:f{}|C:g{\"b\": [1, {\"c\": \"}\"}]}" },
        { "qwen3", "<tool_call>{\"arguments\":{\"name\":\"inner\"},\"name\":\"f\"}</tool_call> Done.", "C:f{\"name\":\"inner\"}|T:Done." },
        { "qwen3", "<tool_call>\n{\"name\": \"f\", \"arguments\": {\"a\": \"</tool_call> \\\" {\"}}\n</tool_call>", "C:f{\"a\": \"</tool_call> \\\" {\"}" },
        { "qwen3", "<tool_call>\n{\"name\": \"f\"}\n</tool_call>", "C:f{}" },
        { "qwen3", "1 < 2 and <tool> is no call", "T:1 < 2 and <tool> is no call" },
        { "qwen3", "<tool_call>\nnever mind", "T:<tool_call>\nnever mind" },
        { "smollm3", "<tool_call>{\"name\": \"f\", \"arguments\": {\"a\": 1}}</tool_call>", "C:f{\"a\": 1}" },
        { "granite4", "<tool_call>\n{\"name\": \"f\", \"arguments\": {\"a\": 1}}\n</tool_call>", "C:f{\"a\": 1}" },
        { "granite3", "<|tool_call|>[{\"name\": \"f\", \"arguments\": {\"a\": 1}}, {\"name\": \"g\", \"arguments\": {}}]", "C:f{\"a\": 1}|C:g{}" },
        { "llama3.1", "{\"name\": \"f\", \"parameters\": {\"a\": 1}}", "C:f{\"a\": 1}" },
        { "llama3.1", "<|python_tag|>{\"name\": \"f\", \"parameters\": {\"a\": 1}}", "C:f{\"a\": 1}" },
        { "llama3.1", "{\"answer\": 42} is no call", "T:{\"answer\": 42}is no call" },
        { "llama3.1", "It is { not } one.", "T:It is { not } one." },
        { "mistral-v3", "[TOOL_CALLS] [{\"name\": \"f\", \"arguments\": {\"a\": 1}, \"id\": \"abcdefghi\"}, {\"name\": \"g\", \"arguments\": {}}]", "C:f{\"a\": 1}|C:g{}" },
        { "mistral-small3", "Sure.[TOOL_CALLS]f[ARGS]{\"a\": 1}[TOOL_CALLS]g[ARGS]{}", "T:Sure.|C:f{\"a\": 1}|C:g{}" },
        { "command-r7b", "<|START_THINKING|>I need it.<|END_THINKING|><|START_ACTION|>[\n    {\"tool_call_id\": \"0\", \"tool_name\": \"f\", \"parameters\": {\"a\": 1}},\n    {\"tool_call_id\": \"1\", \"tool_name\": \"g\", \"parameters\": {}}\n]<|END_ACTION|>", "R:I need it.|C:f{\"a\": 1}|C:g{}" },
        { "command-r7b", "<|START_RESPONSE|>Hello.<|END_RESPONSE|>", "T:Hello." },
        { "command-r", "Action:\n```json\n[\n    {\n        \"tool_name\": \"f\",\n        \"parameters\": {\"a\": 1}\n    }\n]```", "C:f{\"a\": 1}" },
        { "deepseek-r1", "So.\n</think>\n\nOne moment.<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>f\n```json\n{\"a\": 1}\n```<｜tool▁call▁end｜>\n<｜tool▁call▁begin｜>function<｜tool▁sep｜>g\n```json\n{}\n```<｜tool▁call▁end｜><｜tool▁calls▁end｜>", "R:So.\n|T:One moment.|C:f{\"a\": 1}|C:g{}" },
        { "deepseek-v3.1", "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>f<｜tool▁sep｜>{\"a\": 1}<｜tool▁call▁end｜><｜tool▁calls▁end｜>", "C:f{\"a\": 1}" },
        { "gpt-oss", "<|channel|>analysis<|message|>Let me think.<|end|><|start|>assistant<|channel|>final<|message|>Hello.", "R:Let me think.|T:Hello." },
        { "gpt-oss", "<|channel|>analysis<|message|>Tool.<|end|><|start|>assistant<|channel|>commentary to=functions.f <|constrain|>json<|message|>{\"a\": 1}", "R:Tool.|C:f{\"a\": 1}" },
        { "gpt-oss", "<|start|>assistant to=functions.f<|channel|>commentary json<|message|>{\"a\": 1}<|call|>", "C:f{\"a\": 1}" },
        { "qwen3-coder", "<tool_call>\n<function=f>\n<parameter=a>\nx < y\n</parameter>\n<parameter=n>\n3\n</parameter>\n</function>\n</tool_call>", "C:f{\"a\": \"x < y\", \"n\": 3}" },
        { "qwen3-coder", "Sure.\n<tool_call>\n<function=f>\n<parameter=code>\nif (a) {\n    b(\"</tool_call>\");\n}\n</parameter>\n</function>\n</tool_call>\n<tool_call>\n<function=g>\n</function>\n</tool_call>", "T:Sure.\n|C:f{\"code\": \"if (a) {\\n    b(\\\"</tool_call>\\\");\\n}\"}|C:g{}" },
        { "qwen3-coder", "<tool_call>\n<function=f>\n<parameter=on>True</parameter>\n<parameter=o>\n{\"k\": [1, null]}\n</parameter>\n</function>\n</tool_call>", "C:f{\"on\": true, \"o\": {\"k\": [1, null]}}" },
        { "qwen3-coder", "<tool_call> is a tag", "T:<tool_call> is a tag" },
        { "glm4", "<tool_call>f\n<arg_key>a</arg_key>\n<arg_value>x</arg_value>\n<arg_key>n</arg_key>\n<arg_value>[1, 2]</arg_value>\n</tool_call>", "C:f{\"a\": \"x\", \"n\": [1, 2]}" },
        { "glm4", "<think>So.</think>\nOne moment.\n<tool_call>f\n</tool_call>\n<tool_call>g\n<arg_key>b</arg_key>\n<arg_value>false</arg_value>\n</tool_call>", "R:So.|T:One moment.\n|C:f{}|C:g{\"b\": false}" },
        { "gemma4", "<|tool_call>call:f{a:<|\"|>x, } <tool_call|><|\"|>,n:3,o:{k:[true,null]}}<tool_call|>", "C:f{\"a\": \"x, } <tool_call|>\", \"n\": 3, \"o\": {\"k\": [true, null]}}" },
        { "gemma4", "<|channel>thought\nHm.<channel|>Fine. <|tool_call>call:f{}<tool_call|>", "R:Hm.|T:Fine. |C:f{}" },
        { "llama4", "{\"name\": \"f\", \"parameters\": {\"a\": 1}}", "C:f{\"a\": 1}" },
        { "llama4", "<|python_start|>{\"name\": \"f\", \"parameters\": {\"a\": 1}}<|python_end|>", "C:f{\"a\": 1}" },
        { "chatml", "<tool_call>\n{\"name\": \"f\", \"arguments\": {\"a\": 1}}\n</tool_call>", "C:f{\"a\": 1}" },
        { "gemma2", "Fine.", "T:Fine." },
    };

    [Theory]
    [MemberData(nameof(Replies))]
    public void A_reply_is_the_same_however_it_is_cut(string family, string reply, string expected)
    {
        Assert.Equal(expected, Read(family, [reply]));
        Assert.Equal(expected, Read(family, [.. reply.Select(character => character.ToString())]));
        var random = new Random(1);
        for (var round = 0; round < 50; round++)
        {
            var pieces = new List<string>();
            for (var at = 0; at < reply.Length;)
            {
                var length = Math.Min(random.Next(1, 12), reply.Length - at);
                pieces.Add(reply.Substring(at, length));
                at += length;
            }

            Assert.Equal(expected, Read(family, pieces));
        }
    }

    [Theory]
    [MemberData(nameof(Replies))]
    public void A_reply_that_breaks_off_loses_nothing_that_was_told(string family, string reply, string expected)
    {
        Assert.NotEmpty(expected);
        for (var length = 0; length < reply.Length; length++)
        {
            Read(family, [reply[..length]]); // never throws
        }
    }

    [Fact]
    public void Without_tools_marks_of_calls_are_text()
    {
        var reader = new MarkedReplyReader(Form("qwen3"), inThought: false, readsCalls: false);
        Assert.Equal("<tool_call>{}</tool_call>", string.Concat(reader.Read("<tool_call>{}</tool_call>").Concat(reader.End()).Cast<DeviceText>().Select(text => text.Text)));
    }

    [Fact]
    public void Arguments_come_in_pieces_and_the_name_before_them()
    {
        var reader = new MarkedReplyReader(Form("qwen3"), inThought: false, readsCalls: true);
        Assert.Empty(reader.Read("<tool_call>\n{\"name\": \"f"));
        Assert.Equal("f", Assert.IsType<DeviceToolCall>(Assert.Single(reader.Read("\", \"arguments\":"))).Name);
        Assert.Equal("{\"a\"", Assert.IsType<DeviceToolArguments>(Assert.Single(reader.Read(" {\"a\""))).Text);
        Assert.Equal(": 1", Assert.IsType<DeviceToolArguments>(Assert.Single(reader.Read(": 1"))).Text);
        var last = Assert.IsType<DeviceToolArguments>(Assert.Single(reader.Read("}}")));
        Assert.Equal(("}", true), (last.Text, last.IsEnd));
        Assert.Equal(1, reader.Calls);
    }

    [Fact]
    public void Random_replies_are_read_to_their_end()
    {
        string[] parts = ["<think>", "</think>", "<tool_call>", "</tool_call>", "{", "}", "[", "]", "\"", "\\", "name", ":", ",", "arguments", " ", "\n", "x", "<", "<|channel|>", "<|message|>", "to=functions.", "analysis", "[TOOL_CALLS]", "[ARGS]", "<｜tool▁sep｜>", "<|python_tag|>"];
        var random = new Random(7);
        foreach (var family in TemplateCases.Families)
        {
            for (var round = 0; round < 300; round++)
            {
                Read(family, [.. Enumerable.Range(0, random.Next(30)).Select(_ => parts[random.Next(parts.Length)])]);
            }
        }
    }

    private static ReplyForm Form(string family) => TemplateCases.Form(family);

    private static string Read(string family, IReadOnlyList<string> pieces)
    {
        var form = Form(family);
        IReplyReader reader = form.IsHarmony ? new HarmonyReplyReader() : new MarkedReplyReader(form, inThought: family == "deepseek-r1", readsCalls: true);
        var parts = new List<(char Kind, StringBuilder Text)>();
        List<DeviceEvent> events = [.. pieces.SelectMany(reader.Read)];
        events.AddRange(reader.End());
        foreach (var e in events)
        {
            switch (e)
            {
                case DeviceText text:
                    Add('T', text.Text);
                    break;
                case DeviceReasoning thought:
                    Add('R', thought.Text);
                    break;
                case DeviceToolCall call:
                    parts.Add(('C', new StringBuilder(call.Name)));
                    Assert.Equal(parts.Count(part => part.Kind == 'C') - 1, call.Index);
                    break;
                case DeviceToolArguments arguments:
                    parts.Last(part => part.Kind == 'C').Text.Append(arguments.Text);
                    break;
            }
        }

        return string.Join('|', parts.Select(part => $"{part.Kind}:{part.Text}"));

        void Add(char kind, string text)
        {
            if (parts.Count == 0 || parts[^1].Kind != kind)
            {
                parts.Add((kind, new StringBuilder()));
            }

            parts[^1].Text.Append(text);
        }
    }
}
