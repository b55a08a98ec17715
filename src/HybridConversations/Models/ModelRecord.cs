using System.Text.Json;

namespace HybridConversations.Models;

/// <summary>What is known of a model file that was pulled and checked; lies beside it as <c>FILE.json</c>.</summary>
internal sealed record ModelRecord(string Repository, string File, string Revision, string Sha256, long Bytes)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static string PathOf(string model) => model + ".json";

    /// <summary>The record of a model file; null when there is none or it does not fit the file.</summary>
    public static ModelRecord? Read(string model) => ReadAny(model) is { } record && record.Bytes == new FileInfo(model).Length ? record : null;

    /// <summary>What was pulled to this place, whatever has become of it; null when nothing was.</summary>
    public static ModelRecord? ReadAny(string model)
    {
        try
        {
            return JsonSerializer.Deserialize<ModelRecord>(System.IO.File.ReadAllBytes(PathOf(model)), Json) is { Sha256: not null } record ? record : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    public void Write(string model)
    {
        var path = PathOf(model);
        System.IO.File.WriteAllBytes(path + ".new", JsonSerializer.SerializeToUtf8Bytes(this, Json));
        System.IO.File.Move(path + ".new", path, overwrite: true);
    }
}
