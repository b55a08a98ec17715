using System.Text.Json;
using System.Text.Json.Nodes;
using HybridConversations.Inference.Engine;
using HybridConversations.Inference.Grammar;
using HybridConversations.Inference.Replies;
using HybridConversations.Inference.Sampling;
using HybridConversations.Inference.Text;

namespace HybridConversations.Devices;

/// <summary>How the replies of a device's model are asked for and read: its marks, its calls, its thoughts. Thread-safe.</summary>
internal sealed class ReplyPlan
{
    private const string NoArguments = """{"type":"object","properties":{}}""";
    private readonly InferenceEngine _engine;
    private readonly ReplyForm _form;
    private readonly HashSet<int> _marks;
    private readonly int[] _closing;

    public ReplyPlan(InferenceEngine engine, PromptRenderer renderer)
    {
        _engine = engine;
        _form = ReplyForm.Of(renderer.Template);
        _marks = [.. _form.Marks.Where(mark => mark.Length > 0).SelectMany(Tokens).Where(engine.Backend.IsControl)];
        _closing = Tokens(_form.Closing);
    }

    /// <summary>Adds to a request what its calls and thoughts need.</summary>
    /// <param name="prepared">The request for the engine, with its prompt.</param>
    /// <param name="request">What was asked.</param>
    public GenerationRequest Plan(GenerationRequest prepared, DeviceRequest request)
    {
        var tools = Callable(request);
        var inThought = OpensThought(prepared.Prompt);
        var budget = request.Reasoning.BudgetTokens;
        return prepared with
        {
            Marks = _form.Thinks || tools.Count > 0 ? _marks : null,
            Calls = tools.Count == 0 || _form.IsHarmony || prepared.Grammar is not null ? null : new CallPlan(
                _form.Calls,
                [.. tools.Select(tool => (tool.Name, Arguments(tool)))],
                request.ToolChoice.Mode == ToolChoiceMode.Required,
                request.ParallelToolCalls,
                inThought ? _form.ThoughtClose : null),
            Thought = _form.Thinks || budget is not null ? new ThoughtLimit(_form.Thought.Open, _form.Thought.Close, inThought, _closing, budget ?? ThoughtLimit.None) : null,
        };
    }

    /// <summary>Null where a reply is nothing but text.</summary>
    public IReplyReader? Reader(DeviceRequest request, Prompt prompt)
    {
        var readsCalls = Callable(request).Count > 0;
        return !readsCalls && !_form.Thinks ? null
            : _form.IsHarmony ? new HarmonyReplyReader()
            : new MarkedReplyReader(_form, OpensThought(prompt), readsCalls);
    }

    /// <summary>The functions that may be called.</summary>
    public static IReadOnlyList<ToolDefinition> Callable(DeviceRequest request)
    {
        if (request.ToolChoice.Mode == ToolChoiceMode.None)
        {
            return [];
        }

        var allowed = request.ToolChoice.Allowed;
        var tools = request.Tools.Where(tool => allowed?.Contains(tool.Name) ?? true).ToList();
        return request.ToolChoice.Mode == ToolChoiceMode.Required && tools.Count == 0
            ? throw new ProblemException(ProblemCodes.InvalidRequest("A call is required, and none of the tools may be called."))
            : tools;
    }

    /// <summary>The grammar of a function's arguments: always an object.</summary>
    private CompiledGrammar Arguments(ToolDefinition tool)
    {
        try
        {
            var schema = JsonNode.Parse(tool.Parameters ?? NoArguments) as JsonObject ?? throw new JsonException("A schema is an object.");
            schema.TryAdd("type", "object");
            return _engine.CompileGrammar(JsonSchemaGrammar.FromSchema(schema.ToJsonString()));
        }
        catch (Exception fault) when (!tool.Strict && fault is ProblemException or JsonException or ArgumentException)
        {
            return _engine.CompileGrammar(JsonSchemaGrammar.AnyObject);
        }
        catch (ProblemException fault)
        {
            throw new ProblemException(ProblemCodes.InvalidRequest($"The parameters of the tool '{tool.Name}' cannot be enforced: {fault.Problem.Detail}"));
        }
    }

    private bool OpensThought(Prompt prompt) => _form.ThoughtOpen.Length > 0 && prompt.Tail.TrimEnd().EndsWith(_form.ThoughtOpen, StringComparison.Ordinal);

    private int[] Tokens(string text) => _engine.Backend.Tokenize(text, addSpecial: false, parseSpecial: true);
}
