using System.Text.Json.Nodes;

namespace HybridConversations.Orleans.Storage.Serialization;

/// <summary>
/// What a record holds beyond what this release knows: members, at every depth, and values of enumerations. It is found again by comparison. What this release
/// would have written of the record as it read it, and what it writes now, are the same wherever it has changed nothing, and there the record stays as it was
/// found. A turn, or the head, that was changed keeps its unknown members (it is still the same turn); a mere value that was replaced, such as a KV reference,
/// does not: they said something of the value before.
/// </summary>
/// <param name="found">The record as it was found.</param>
/// <param name="read">The same, as this release would write it.</param>
internal sealed class LaterMembers(JsonObject found, JsonObject read)
{
    // By what a thing is still itself although its members have changed: a turn, and the head.
    private static readonly string[] Identities = ["sequence", "id"];

    /// <summary>Adds what is to be kept to the record as this release writes it.</summary>
    public void AddTo(JsonObject written) => Add(found, read, written);

    /// <summary>What belongs to the list <paramref name="member"/>, for another record that holds its items in <paramref name="newMember"/>; null for nothing.</summary>
    public LaterMembers? Of(string member, string newMember) => found[member] is { } there && read[member] is { } known && !JsonNode.DeepEquals(there, known)
        ? new LaterMembers(new JsonObject { [newMember] = there.DeepClone() }, new JsonObject { [newMember] = known.DeepClone() })
        : null;

    private static void Add(JsonObject found, JsonObject read, JsonObject written)
    {
        foreach (var (name, there) in found)
        {
            written[name] = Merge(there, read[name], written[name]);
            if (written[name] is null)
            {
                written.Remove(name);
            }
        }
    }

    private static JsonNode? Merge(JsonNode? found, JsonNode? read, JsonNode? written)
    {
        if (JsonNode.DeepEquals(read, written))
        {
            return found?.DeepClone();
        }

        switch (found, read, written)
        {
            case (JsonObject f, JsonObject r, JsonObject w) when AreTheSame(r, w):
                Add(f, r, w);
                break;
            case (JsonArray f, JsonArray r, JsonArray w):
                AddItems(f, r, w);
                break;
            default:
                break;
        }

        return written;
    }

    private static void AddItems(JsonArray found, JsonArray read, JsonArray written)
    {
        for (var i = 0; i < written.Count; i++)
        {
            if (written[i] is not JsonObject item)
            {
                continue;
            }

            var place = IndexOf(read, item, i);
            if (place >= 0 && place < found.Count && Merge(found[place], read[place], item) is { } merged && !ReferenceEquals(merged, item))
            {
                written[i] = merged;
            }
        }
    }

    /// <summary>Where the item was; where it has no identity, at its own place.</summary>
    private static int IndexOf(JsonArray read, JsonObject item, int place)
    {
        if (!Identities.Any(item.ContainsKey))
        {
            return place < read.Count ? place : -1;
        }

        for (var i = 0; i < read.Count; i++)
        {
            if (read[i] is JsonObject other && AreTheSame(other, item))
            {
                return i;
            }
        }

        return -1;
    }

    private static bool AreTheSame(JsonObject one, JsonObject other) =>
        Array.Find(Identities, one.ContainsKey) is { } identity && JsonNode.DeepEquals(one[identity], other[identity]);
}
