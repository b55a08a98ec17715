using HybridConversations.Inference.Backends;
using HybridConversations.Inference.LlamaCpp.Direct;
using HybridConversations.Inference.Text;
using HybridConversations.Tests.Common;
using Microsoft.Extensions.Logging.Abstractions;

namespace HybridConversations.Bench.Micro.Operations;

/// <summary>Renders and tokenises a conversation of ten turns with the demo model's template and tokenizer.</summary>
internal sealed class RenderPrompt : IMicroOperation
{
    private readonly IModelBackend _backend;
    private readonly PromptRenderer _renderer;
    private readonly ChatMessage[] _messages =
    [
        new(ChatMessage.System, "You are Pip, a helpful voice assistant."),
        .. Enumerable.Range(0, 10).SelectMany(i => new[]
        {
            new ChatMessage(ChatMessage.User, $"What is {i} plus {i + 1}, and what is the capital of France?"),
            new ChatMessage(ChatMessage.Assistant, $"That is {i + i + 1}, and the capital of France is Paris."),
        }),
        new(ChatMessage.User, "Thank you."),
    ];

    public RenderPrompt()
    {
        _backend = new LlamaCppProvider().Load(new BackendOptions { ModelPath = RepositoryFiles.DemoModel, Context = 512, MaxSequences = 2 }, NullLogger.Instance).GetAwaiter().GetResult();
        _renderer = new PromptRenderer(_backend);
    }

    public string Name => "prompt-render";

    public void Run() => _renderer.Render(_messages);

    public void Dispose() => _backend.Dispose();
}
