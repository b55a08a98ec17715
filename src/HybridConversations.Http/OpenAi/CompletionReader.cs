using System.Text.Json;
using HybridConversations.Http.Problems;
using HybridConversations.Http.Requests;

namespace HybridConversations.Http.OpenAi;

/// <summary>From the body of <c>POST /v1/completions</c> to requests for the device: prompts that no template writes.</summary>
internal static class CompletionReader
{
    private const int MaxCharacters = 1 << 20;

    /// <exception cref="RequestProblemException">Members are missing or have values that are not allowed.</exception>
    public static CompletionRequest Read(JsonElement body, UnknownMembers unknown)
    {
        var members = new JsonMembers(body, CompletionFields.Table);
        var prompts = ReadPrompts(members);
        var (count, echo) = (OpenAiSampling.ReadCount(members), members.Flag("echo") ?? false);
        var top = members.Whole("logprobs", 0, SamplerMembers.MaxTopLogProbs);
        if (echo && top is not null)
        {
            members.Wrong("echo", "is not answered together with logprobs: the prompt's own tokens are not scored.");
        }

        if (prompts.Count * count > OpenAiRequest.MaxReplies)
        {
            members.Wrong("prompt", $"makes {prompts.Count} × {count} replies; at most {OpenAiRequest.MaxReplies} are answered at once.");
        }

        var request = OpenAiSampling.Read(members, new DeviceRequest { Messages = [] }, top);
        var read = OpenAiSampling.ReadStream(members, [.. prompts.SelectMany(prompt => OpenAiRequest.Repeated(request with { RawPrompt = prompt }, count))]);
        members.Close(unknown);
        return new CompletionRequest(read, count, echo);
    }

    private static List<string> ReadPrompts(JsonMembers members)
    {
        switch (members.Any("prompt"))
        {
            case { ValueKind: JsonValueKind.String }:
                return [members.Text("prompt", 1, MaxCharacters) ?? ""];
            case { ValueKind: JsonValueKind.Array } array when array.GetArrayLength() is > 0 and <= OpenAiRequest.MaxReplies && array.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String):
                return [.. members.TextOrTexts("prompt", OpenAiRequest.MaxReplies, MaxCharacters)];
            case { ValueKind: JsonValueKind.Array } array when array.EnumerateArray().Any(item => item.ValueKind is JsonValueKind.Number or JsonValueKind.Array):
                members.Wrong("prompt", "must be text: send the text itself instead of its tokens (POST /detokenize makes it).");
                return [];
            default:
                members.Wrong("prompt", $"must be a text, or an array of 1 to {OpenAiRequest.MaxReplies} texts.");
                return [];
        }
    }
}
