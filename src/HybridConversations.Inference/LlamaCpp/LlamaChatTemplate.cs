using System.Buffers;
using System.Text;
using Microsoft.Extensions.Logging;

namespace HybridConversations.Inference.LlamaCpp;

/// <summary>
/// A model's chat template through <c>llama_chat_apply_template</c>, which recognises the known templates by their marks and has no Jinja; ChatML where it
/// recognises none. Thread-safe.
/// </summary>
internal sealed unsafe class LlamaChatTemplate
{
    private static readonly byte[] ChatMl = "chatml\0"u8.ToArray();
    private readonly LlamaCalls _calls;
    private readonly byte[] _template;

    public LlamaChatTemplate(LlamaCalls calls, ILogger logger)
    {
        _calls = calls;
        var text = calls.ChatTemplate;
        _template = text is null ? ChatMl : [.. text, 0];
        if (text is null || Render(_template, [new ChatMessage(ChatMessage.User, "Hello")], addAssistantStart: true) is null)
        {
            logger.LogWarning("The model's chat template is {Problem}: prompts are written in ChatML. Answers may be poor if the model was trained on another form",
                text is null ? "missing" : "none that llama.cpp knows");
            _template = ChatMl;
        }
    }

    public string Apply(IReadOnlyList<ChatMessage> messages, bool addAssistantStart)
    {
        ArgumentNullException.ThrowIfNull(messages);
        return Render(_template, messages, addAssistantStart)
            ?? throw new ProblemException(ProblemCodes.InvalidRequest("The model's chat template refuses these messages. Send an optional system message, then user and assistant in turn."));
    }

    private string? Render(byte[] template, IReadOnlyList<ChatMessage> messages, bool addAssistantStart)
    {
        // All texts in one buffer, each with its NUL; then the array that points into it.
        var texts = new ArrayBufferWriter<byte>(256);
        var starts = new int[messages.Count * 2];
        for (var index = 0; index < messages.Count; index++)
        {
            starts[index * 2] = Write(texts, messages[index].Role);
            starts[index * 2 + 1] = Write(texts, messages[index].Content);
        }

        var list = new LlamaChatMessage[Math.Max(1, messages.Count)];
        var buffer = ArrayPool<byte>.Shared.Rent(texts.WrittenCount + messages.Count * 64 + 256);
        try
        {
            Write(texts, "");
            fixed (byte* source = texts.WrittenSpan)
            fixed (byte* form = template)
            fixed (LlamaChatMessage* first = list)
            {
                for (var index = 0; index < messages.Count; index++)
                {
                    list[index] = new LlamaChatMessage { Role = source + starts[index * 2], Content = source + starts[index * 2 + 1] };
                }

                var length = Call(form, first, messages.Count, addAssistantStart, buffer);
                if (length > buffer.Length)
                {
                    ArrayPool<byte>.Shared.Return(buffer);
                    buffer = ArrayPool<byte>.Shared.Rent(length);
                    length = Call(form, first, messages.Count, addAssistantStart, buffer);
                }

                return length < 0 || length > buffer.Length ? null : Encoding.UTF8.GetString(buffer, 0, length);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private int Call(byte* template, LlamaChatMessage* messages, int count, bool addAssistantStart, byte[] buffer)
    {
        fixed (byte* target = buffer)
        {
            return _calls.ApplyChatTemplate(template, messages, count, addAssistantStart, target, buffer.Length);
        }
    }

    /// <summary>Writes a NUL-terminated text and returns where it begins. A NUL inside it would end it early, so it becomes U+FFFD.</summary>
    private static int Write(ArrayBufferWriter<byte> texts, string text)
    {
        var start = texts.WrittenCount;
        Encoding.UTF8.GetBytes(text.Replace('\0', '\uFFFD'), texts);
        texts.Write("\0"u8);
        return start;
    }
}
