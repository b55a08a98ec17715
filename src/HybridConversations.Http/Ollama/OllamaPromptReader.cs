using System.Text.Json;
using HybridConversations.Http.Problems;
using HybridConversations.Http.Requests;

namespace HybridConversations.Http.Ollama;

/// <summary>The body of <c>POST /api/generate</c>: one prompt, answered through the model's chat template.</summary>
internal static class OllamaPromptReader
{
    private const int MaxCharacters = 1 << 20;

    /// <exception cref="RequestProblemException">Members are missing or have values that are not allowed.</exception>
    public static OllamaRequest Read(JsonElement body, UnknownMembers unknown)
    {
        var members = new JsonMembers(body);
        var prompt = members.Text("prompt", 0, MaxCharacters) ?? "";
        var system = members.Text("system", 0, MaxCharacters);
        foreach (var (name, why) in ((string, string)[])[("images", "the model reads text only"), ("suffix", "filling in the middle is not done here"), ("template", "the model's own template writes the prompt"),
            ("context", "send the messages to /api/chat, or keep a conversation (docs/http-api.md)")])
        {
            if (members.Any(name) is { } value && !(value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 0) && !(value.ValueKind == JsonValueKind.String && value.ValueEquals("")))
            {
                members.Wrong(name, $"is not supported: {why}.");
            }
        }

        if (members.Flag("raw") == true)
        {
            members.Wrong("raw", "is not supported: the model's own template writes the prompt.");
        }

        List<ChatMessage> messages = string.IsNullOrEmpty(system) ? [] : [new ChatMessage(ChatMessage.System, system)];
        messages.Add(new ChatMessage(ChatMessage.User, prompt));
        var request = OllamaOptions.Read(members, new DeviceRequest { Messages = messages });
        members.ThrowIfWrong();
        unknown.Note("POST /api/generate", members.Unread);
        return prompt.Length == 0 ? request with { Device = null } : request;
    }
}
