using System.Text.Json;

namespace HybridConversations.Http.Requests;

/// <summary>Arrays of objects: messages, items, tools.</summary>
internal static class JsonObjects
{
    /// <summary>The objects of an array; whatever else is in it is wrong.</summary>
    /// <param name="members">Whose member it is.</param>
    /// <param name="name">The member's name.</param>
    /// <param name="array">Its value.</param>
    /// <param name="with">What an object must have, for the message: " with a role", or nothing.</param>
    public static IEnumerable<JsonMembers> Objects(this JsonMembers members, string name, JsonElement array, string with = "")
    {
        foreach (var (index, item) in array.EnumerateArray().Index())
        {
            var path = $"{name}[{index}]";
            if (item.ValueKind == JsonValueKind.Object)
            {
                yield return members.Inside(item, path);
            }
            else
            {
                members.Wrong(path, $"must be an object{with}, not {JsonMembers.Kind(item)}.");
            }
        }
    }
}
