using System.Text.Json;
using HybridConversations.Http.Requests;

namespace HybridConversations.Http.Responses;

/// <summary><c>metadata</c>: what a client keeps with a response or a conversation.</summary>
internal static class ResponseMetadata
{
    private const int MaxPairs = 16;
    private const int MaxName = 64;
    private const int MaxValue = 512;

    /// <summary>The object; null where there is none, or something is wrong with it.</summary>
    public static JsonElement? Check(JsonMembers members)
    {
        if (members.Any("metadata") is not { } metadata)
        {
            return null;
        }

        if (metadata.ValueKind == JsonValueKind.Object && metadata.EnumerateObject().Count() <= MaxPairs
            && metadata.EnumerateObject().All(pair => pair.Name.Length <= MaxName && pair.Value.ValueKind == JsonValueKind.String && pair.Value.GetString()!.Length <= MaxValue))
        {
            return metadata;
        }

        members.Wrong("metadata", $"must be an object of at most {MaxPairs} strings, with names of at most {MaxName} characters and values of at most {MaxValue}.");
        return null;
    }
}
