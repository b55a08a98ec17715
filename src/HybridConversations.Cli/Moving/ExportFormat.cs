using System.Text.Json.Serialization;

namespace HybridConversations.Cli.Moving;

/// <summary>
/// The lines of an export (docs/moving.md): a head that says what it is, then pages of conversations as <c>GET /conversations/{id}</c> answers them, those of one conversation
/// behind each other, then a count, without which it is not whole.
/// </summary>
/// <param name="Format"><see cref="Name"/>, on the first line.</param>
/// <param name="Version"><see cref="Newest"/> at most, on the first line.</param>
/// <param name="ExportedAt">On the first line.</param>
/// <param name="Conversations">On the last line.</param>
/// <param name="Turns">On the last line.</param>
internal sealed record ExportFormat(string? Format = null, int? Version = null, DateTimeOffset? ExportedAt = null, int? Conversations = null, long? Turns = null)
{
    public const string Name = "hybrid-conversations";

    /// <summary>The version that this release writes; it reads those before it too.</summary>
    public const int Newest = 1;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ExportFormat))]
internal sealed partial class ExportJson : JsonSerializerContext;
