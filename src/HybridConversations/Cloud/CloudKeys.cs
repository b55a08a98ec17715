using System.Text.Json;
using HybridConversations.Escalations.Settings;

namespace HybridConversations.Cloud;

/// <summary>
/// Finds the key of an endpoint. In this order: the file of the settings or of <c>HC_CLOUD_KEY_FILE</c>; <c>HC_CLOUD_KEY</c>; the vendor's own variable
/// (<c>OPENAI_API_KEY</c>, <c>AZURE_OPENAI_API_KEY</c>), for that vendor's endpoint only; .NET user secrets under the id <c>hybridconversations</c>.
/// Never a settings file or a command line, where others can read it.
/// </summary>
public static class CloudKeys
{
    /// <summary>Environment variable with the key.</summary>
    public const string KeyVariable = "HC_CLOUD_KEY";

    /// <summary>Environment variable with the path of a file that holds the key.</summary>
    public const string KeyFileVariable = "HC_CLOUD_KEY_FILE";

    /// <summary>Id of the user secrets that may hold it.</summary>
    public const string UserSecretsId = "hybridconversations";
    private const int MaxFileBytes = 64 * 1024;
    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>The key; null where <see cref="CloudOptions.Authentication"/> needs none. Adds to <paramref name="errors"/>, never with the key in it.</summary>
    /// <param name="options">The endpoint.</param>
    /// <param name="errors">Where to say why there is none.</param>
    /// <param name="environment">A variable's value; null: the process's own.</param>
    /// <param name="userSecretsFile">secrets.json; null: where <c>dotnet user-secrets --id hybridconversations</c> writes it.</param>
    public static Secret? Find(CloudOptions options, ICollection<string> errors, Func<string, string?>? environment = null, string? userSecretsFile = null)
    {
        if (options.Authentication is not (CloudAuthentication.Key or CloudAuthentication.Optional))
        {
            return null;
        }

        environment ??= Environment.GetEnvironmentVariable;
        var vendor = Vendor(options);
        var before = errors.Count;
        var found = FromFile("key-file", options.KeyFile, errors)
            ?? FromFile(KeyFileVariable, environment(KeyFileVariable), errors)
            ?? FromText(KeyVariable, environment(KeyVariable), errors)
            ?? (vendor is null ? null : FromText(vendor, environment(vendor), errors))
            ?? FromUserSecrets(userSecretsFile ?? UserSecretsFile(environment), vendor, errors);
        if (found is null && errors.Count == before && options.Authentication == CloudAuthentication.Key)
        {
            errors.Add($"No key was found for cloud endpoint '{options.Name}': set {KeyVariable}{(vendor is null ? "" : " or " + vendor)} in the environment, " +
                $"name a file in {KeyFileVariable} or key-file, or run: dotnet user-secrets set {KeyVariable} KEY --id {UserSecretsId}" +
                (options.Kind == CloudKind.Compatible ? ". A server that wants no key: authentication none." : "."));
        }

        return errors.Count == before ? found : null;
    }

    /// <summary>A vendor's key is sent to that vendor and no one else.</summary>
    private static string? Vendor(CloudOptions options) => options.Kind switch
    {
        CloudKind.OpenAI when options.Address.Host == "api.openai.com" || options.Address.Host.EndsWith(".api.openai.com", StringComparison.Ordinal) => "OPENAI_API_KEY",
        CloudKind.Azure => "AZURE_OPENAI_API_KEY",
        _ => null,
    };

    private static Secret? FromFile(string source, string? path, ICollection<string> errors)
    {
        if (string.IsNullOrWhiteSpace(path))
        {
            return null;
        }

        // Whoever put the key itself where its file's name belongs must not find it in a log.
        var shown = Path.IsPathRooted(path) ? path : "a relative path";
        try
        {
            if (new FileInfo(path).Length > MaxFileBytes)
            {
                errors.Add($"{source} names {shown}, which is larger than a key can be: the file holds the key and nothing else.");
                return null;
            }

            return FromText($"{source} {shown}", File.ReadAllText(path), errors, mayBeEmpty: false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            errors.Add($"{source} names {shown}, which cannot be read ({e.GetType().Name}): give a file that this user may read and that holds the key.");
            return null;
        }
    }

    private static Secret? FromText(string source, string? text, ICollection<string> errors, bool mayBeEmpty = true)
    {
        var key = text?.Trim();
        if (string.IsNullOrEmpty(key) && mayBeEmpty)
        {
            return null;
        }

        try
        {
            return new Secret(key ?? "");
        }
        catch (FormatException e)
        {
            errors.Add($"The key in {source} cannot be used: {e.Message}.");
            return null;
        }
    }

    private static Secret? FromUserSecrets(string? path, string? vendor, ICollection<string> errors)
    {
        if (path is null || !File.Exists(path))
        {
            return null;
        }

        try
        {
            using var json = JsonDocument.Parse(File.ReadAllText(path), Lenient);
            var secrets = json.RootElement;
            foreach (var name in (string?[])[KeyVariable, vendor])
            {
                if (name is not null && secrets.ValueKind == JsonValueKind.Object && secrets.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String)
                {
                    return FromText($"user secrets ({name})", value.GetString(), errors);
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            errors.Add($"The user secrets in {path} cannot be read ({e.GetType().Name}): write them with dotnet user-secrets.");
        }

        return null;
    }

    private static string? UserSecretsFile(Func<string, string?> environment)
    {
        var folder = OperatingSystem.IsWindows() ? environment("APPDATA") : environment("HOME");
        if (string.IsNullOrEmpty(folder))
        {
            return null;
        }

        return OperatingSystem.IsWindows()
            ? Path.Combine(folder, "Microsoft", "UserSecrets", UserSecretsId, "secrets.json")
            : Path.Combine(folder, ".microsoft", "usersecrets", UserSecretsId, "secrets.json");
    }
}
