using System.Text.Json;
using System.Text.Json.Serialization;

namespace HybridConversations.Routing;

/// <summary>The <c>"routing"</c> section of a settings file: the members of <see cref="RouterOptions"/> in kebab case (<c>"cloud-share": 0.1</c>).</summary>
public static class RoutingSettings
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.KebabCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
    };

    /// <summary>Throws <see cref="ProblemException"/> (<c>invalid-request</c>) at a member that does not exist or has a value of another kind. Values are judged by <see cref="RouterOptions.Validate"/>.</summary>
    public static RouterOptions Read(JsonElement section)
    {
        if (section.ValueKind != JsonValueKind.Object)
        {
            throw Invalid("\"routing\" must be an object.");
        }

        try
        {
            return section.Deserialize<RouterOptions>(Json)!;
        }
        catch (JsonException e)
        {
            throw Invalid($"{e.Path ?? "$"}: {e.Message}");
        }
    }

    private static ProblemException Invalid(string what) => new(ProblemCodes.InvalidRequest($"The \"routing\" settings cannot be read: {what}"));
}
