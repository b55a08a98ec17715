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
        var members = new JsonMembers(body, OllamaFields.Generate);
        var prompt = members.Text("prompt", 0, MaxCharacters) ?? "";
        var system = members.Text("system", 0, MaxCharacters);
        if (members.Flag("raw") == true)
        {
            if (!string.IsNullOrEmpty(system))
            {
                members.Wrong("system", "has no place in a raw prompt: write it into the prompt.");
            }

            var raw = OllamaOptions.Read(members, new DeviceRequest { Messages = [], RawPrompt = prompt });
            members.Close(unknown);
            return prompt.Length == 0 ? raw with { Device = null } : raw;
        }

        List<ChatMessage> messages = string.IsNullOrEmpty(system) ? [] : [new ChatMessage(ChatMessage.System, system)];
        messages.Add(new ChatMessage(ChatMessage.User, prompt));
        var request = OllamaOptions.Read(members, new DeviceRequest { Messages = messages });
        members.Close(unknown);
        return prompt.Length == 0 ? request with { Device = null } : request;
    }
}
