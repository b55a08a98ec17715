using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using HybridConversations.Escalations.Bridging;
using HybridConversations.Escalations.Settings;

namespace HybridConversations.Cloud;

/// <summary>
/// The <c>"cloud"</c> section of a settings file: the members of <see cref="CloudOptions"/> in kebab case (<c>"base-address"</c>,
/// <c>"timeouts": { "first-token-ms": … }</c>), and <c>"bridge"</c> with those of <see cref="BridgeOptions"/>.
/// </summary>
/// <param name="Cloud">The endpoint, not judged yet: <see cref="CloudEscalation.Create"/> does, together with its key.</param>
/// <param name="Bridge">What a voice says meanwhile.</param>
public sealed record CloudSettings(CloudOptions Cloud, BridgeOptions Bridge)
{
    private const string BridgeMember = "bridge";
    private static readonly string[] KeyMembers = ["key", "api-key", "apikey", "api_key", "secret", "token"];

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.KebabCaseLower,
        Converters = { new JsonStringEnumConverter(namingPolicy: null, allowIntegerValues: false) },
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
    };

    /// <summary>Throws <see cref="ProblemException"/> (<c>invalid-request</c>) at a member that does not exist or has a value of another kind.</summary>
    public static CloudSettings Read(JsonElement section)
    {
        if (section.ValueKind != JsonValueKind.Object)
        {
            throw Invalid("\"cloud\" must be an object.");
        }

        if (section.EnumerateObject().Select(m => m.Name).FirstOrDefault(name => KeyMembers.Contains(name, StringComparer.OrdinalIgnoreCase)) is { } key)
        {
            throw Invalid($"\"{key}\" stands in the settings, where others can read it. Take the key out, have it replaced at the endpoint, " +
                $"and give the new one in {CloudKeys.KeyVariable}, a file ({CloudKeys.KeyFileVariable} or \"key-file\") or user secrets.");
        }

        var cloud = JsonObject.Create(section)!;
        cloud.Remove(BridgeMember, out var bridge);
        try
        {
            return new CloudSettings(cloud.Deserialize<CloudOptions>(Json)!, bridge.Deserialize<BridgeOptions>(Json) ?? new BridgeOptions());
        }
        catch (JsonException e)
        {
            throw Invalid($"{e.Path ?? "$"}: {e.Message}");
        }
    }

    private static ProblemException Invalid(string what) => new(ProblemCodes.InvalidRequest($"The \"cloud\" settings cannot be read: {what}"));
}
