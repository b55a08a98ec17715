using System.Text.Json;
using HybridConversations.Http.Problems;
using HybridConversations.Http.Requests;

namespace HybridConversations.Http.OpenAi;

/// <summary>From the body of <c>POST /v1/chat/completions</c> to a request for the device.</summary>
internal static class ChatCompletionReader
{
    /// <exception cref="RequestProblemException">Members are missing or have values that are not allowed.</exception>
    public static OpenAiRequest Read(JsonElement body, UnknownMembers unknown)
    {
        var members = new JsonMembers(body, ChatCompletionFields.Table);
        var tools = ChatTools.Read(members);
        var request = new DeviceRequest
        {
            Messages = ChatMessageReader.Read(members),
            Tools = tools,
            ToolChoice = ChatTools.ReadChoice(members, tools),
            ParallelToolCalls = members.Flag("parallel_tool_calls") ?? true,
            Reasoning = ChatReasoning.Read(members),
            TemplateVariables = ChatReasoning.ReadVariables(members),
        };
        request = OpenAiSampling.Read(members, request, ReadLogProbs(members));
        if (members.Any("modalities") is { ValueKind: JsonValueKind.Array } modalities
            && modalities.EnumerateArray().Any(item => item.ValueKind != JsonValueKind.String || !item.ValueEquals("text")))
        {
            members.Wrong("modalities", "only [\"text\"] is answered here.");
        }

        var read = OpenAiSampling.ReadStream(members, OpenAiRequest.Repeated(request, OpenAiSampling.ReadCount(members)));
        members.Close(unknown);
        return read;
    }

    private static int? ReadLogProbs(JsonMembers members)
    {
        var wanted = members.Flag("logprobs") ?? false;
        var top = members.Whole("top_logprobs", 0, SamplerMembers.MaxTopLogProbs);
        if (top is not null && !wanted)
        {
            members.Wrong("top_logprobs", "needs logprobs: true.");
        }

        return wanted ? top ?? 0 : null;
    }
}
