using HybridConversations.Inference.Templates.Runtime;

namespace HybridConversations.Inference.Templates.Fitting;

/// <summary>What a template can write, found out by trying.</summary>
internal sealed record TemplateTraits
{
    private const string Mark = "qzx";
    private static readonly ChatMessage User = new(ChatMessage.User, Mark + "u");
    private static readonly ChatMessage Assistant = new(ChatMessage.Assistant, Mark + "a");
    private static readonly ToolDefinition Tool = new(Mark + "tool", Mark + "about",
        $$$"""{"type":"object","properties":{"{{{Mark}}}key":{"type":"string"}},"required":["{{{Mark}}}key"]}""");

    /// <summary>Why not even one message of a person can be written; null otherwise.</summary>
    public string? Fault { get; private init; }

    /// <summary>It writes what a person says.</summary>
    public bool Works { get; private init; }

    /// <summary>It writes a system message at the beginning.</summary>
    public bool System { get; private init; }

    /// <summary>It writes a system message alone.</summary>
    public bool SystemAlone { get; private init; }

    /// <summary>It writes a system message anywhere.</summary>
    public bool SystemAnywhere { get; private init; }

    /// <summary>It writes two messages of a person in a row.</summary>
    public bool Repeats { get; private init; }

    /// <summary>It lets the assistant speak first.</summary>
    public bool AssistantFirst { get; private init; }

    /// <summary>It writes what may be called.</summary>
    public bool Tools { get; private init; }

    /// <summary>It writes calls and their results.</summary>
    public bool Calls { get; private init; }

    /// <summary>It writes several calls in one message.</summary>
    public bool ParallelCalls { get; private init; }

    /// <summary>It joins the arguments of a call to its text as they are.</summary>
    public bool ArgumentsAsText { get; private init; }

    /// <summary>It takes ids of calls that have nine letters and digits only.</summary>
    public bool ShortCallIds { get; private init; }

    /// <summary>The mark of a thought with which it opens the reply unless it is told not to; null where the model opens it, or does not think.</summary>
    public string? OpensThought { get; private init; }

    public static TemplateTraits Probe(Func<IEnumerable<KeyValuePair<string, Value>>, DateTimeOffset, string> write)
    {
        var probe = new TemplateProbe(write);
        if (!probe.Shows(out var fault, [User.Content], [User]))
        {
            return new TemplateTraits { Fault = fault };
        }

        var (system, late, more) = (new ChatMessage(ChatMessage.System, Mark + "s"), new ChatMessage(ChatMessage.System, Mark + "l"), new ChatMessage(ChatMessage.User, Mark + "m"));
        var calls = CallTraits(probe);
        return calls with
        {
            Works = true,
            System = probe.Shows([system.Content, User.Content], [system, User]),
            SystemAlone = probe.Shows([system.Content], [system]),
            SystemAnywhere = probe.Shows([User.Content, late.Content, more.Content], [User, Assistant, late, more]),
            Repeats = probe.Shows([User.Content, more.Content], [User, more]),
            AssistantFirst = probe.Shows([Assistant.Content, User.Content], [Assistant, User]),
            Tools = probe.Shows([Tool.Name, Mark + "key", User.Content], [User], [Tool]),
            OpensThought = probe.Text([User]) is { } open && open.AsSpan().TrimEnd().EndsWith("<think>", StringComparison.Ordinal) ? "<think>" : null,
        };
    }

    /// <summary>Calls with arguments as a mapping or as text, with ids as OpenAI makes them or short ones: what shows them.</summary>
    private static TemplateTraits CallTraits(TemplateProbe probe)
    {
        foreach (var (asText, isShort) in ((bool, bool)[])[(false, false), (false, true), (true, false), (true, true)])
        {
            var ids = isShort ? (string[])["abcdefghi", "abcdefghj"] : ["call_abcdefghi12", "call_abcdefghj12"];
            var first = new ToolCall(ids[0], Tool.Name, $$"""{"{{Mark}}key": "{{Mark}}one"}""");
            var second = new ToolCall(ids[1], Tool.Name, $$"""{"{{Mark}}key": "{{Mark}}two"}""");
            var results = ids.Select((id, at) => new ChatMessage(ChatMessage.Tool, $"{Mark}result{at}") { ToolCallId = id, Name = Tool.Name }).ToArray();
            var one = new ChatMessage(ChatMessage.Assistant, "") { ToolCalls = [first] };

            // A mapping that was joined to a text, or text that was quoted once more, does not show the argument.
            if (probe.Shows([Tool.Name, $"\"{Mark}one\"", results[0].Content], [User, one, results[0]], [Tool], asText)
                || (!asText && probe.Shows([Tool.Name, $"{Mark}one", results[0].Content], [User, one, results[0]], [Tool], asText)))
            {
                var two = one with { ToolCalls = [first, second] };
                return new TemplateTraits
                {
                    Calls = true,
                    ArgumentsAsText = asText,
                    ShortCallIds = isShort,
                    ParallelCalls = probe.Shows([$"{Mark}one", $"{Mark}two", results[1].Content], [User, two, .. results], [Tool], asText),
                };
            }
        }

        return new TemplateTraits();
    }
}
