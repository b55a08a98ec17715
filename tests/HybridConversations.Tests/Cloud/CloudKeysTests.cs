using HybridConversations.Cloud;
using HybridConversations.Escalations.Settings;
using HybridConversations.Tests.Common;

namespace HybridConversations.Tests.Cloud;

public sealed class CloudKeysTests : IDisposable
{
    private static readonly CloudOptions OpenAI = new() { Model = "gpt-4o" };
    private static readonly CloudOptions Azure = OpenAI with { Kind = CloudKind.Azure, BaseAddress = new Uri("https://r.openai.azure.com/openai/v1/") };
    private static readonly CloudOptions Compatible = OpenAI with { Kind = CloudKind.Compatible, BaseAddress = new Uri("http://gpu:8000/v1/") };
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, string> _environment = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_vendors_key_goes_to_that_vendor_only()
    {
        _environment["OPENAI_API_KEY"] = "openai-key";
        _environment["AZURE_OPENAI_API_KEY"] = "azure-key";
        Assert.Equal("openai-key", Find(OpenAI).Key);
        Assert.Equal("azure-key", Find(Azure).Key);
        Assert.Null(Find(Compatible).Key);
        Assert.Null(Find(OpenAI with { BaseAddress = new Uri("https://api.openai.com.evil.example/v1/") }).Key);
        Assert.Equal("openai-key", Find(OpenAI with { BaseAddress = new Uri("https://eu.api.openai.com/v1/") }).Key);
        _environment["HC_CLOUD_KEY"] = " own-key\n";
        foreach (var options in (CloudOptions[])[OpenAI, Azure, Compatible])
        {
            Assert.Equal("own-key", Find(options).Key);
        }
    }

    [Fact]
    public void A_file_comes_first_and_user_secrets_last()
    {
        File.WriteAllText(_folder.File("secrets.json"), """{ "HC_CLOUD_KEY": "user-secret-key", /* a comment */ "OPENAI_API_KEY": "other" }""");
        Assert.Equal("user-secret-key", Find(Compatible).Key);
        _environment["HC_CLOUD_KEY"] = "environment-key";
        Assert.Equal("environment-key", Find(Compatible).Key);
        File.WriteAllText(_folder.File("key"), "file-key\r\n");
        _environment["HC_CLOUD_KEY_FILE"] = _folder.File("key");
        Assert.Equal("file-key", Find(Compatible).Key);
        File.WriteAllText(_folder.File("key2"), "settings-file-key");
        Assert.Equal("settings-file-key", Find(Compatible with { KeyFile = _folder.File("key2") }).Key);
    }

    [Fact]
    public void User_secrets_lie_where_dotnet_user_secrets_writes_them()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder.Path, OperatingSystem.IsWindows() ? "Microsoft/UserSecrets" : ".microsoft/usersecrets", "hybridconversations"));
        File.WriteAllText(Path.Combine(folder.FullName, "secrets.json"), """{"OPENAI_API_KEY":"from-user-secrets"}""");
        var errors = new List<string>();
        var key = CloudKeys.Find(OpenAI, errors, name => name is "HOME" or "APPDATA" ? _folder.Path : null);
        Assert.Empty(errors);
        Assert.Equal("from-user-secrets", key!.Reveal());
    }

    [Fact]
    public void Where_no_key_is_needed_none_is_looked_for()
    {
        _environment["HC_CLOUD_KEY"] = "own-key";
        Assert.Equal((null, 0), (Find(Compatible with { Authentication = CloudAuthentication.None }).Key, Find(Azure with { Authentication = CloudAuthentication.EntraId }).Errors.Count));
    }

    [Fact]
    public void An_optional_key_is_used_if_there_is_one_and_may_still_be_wrong()
    {
        var optional = Compatible with { Authentication = CloudAuthentication.Optional };
        Assert.Equal((null, 0), (Find(optional).Key, Find(optional).Errors.Count));
        _environment["HC_CLOUD_KEY"] = "own-key";
        Assert.Equal("own-key", Find(optional).Key);
        _environment["HC_CLOUD_KEY"] = "two words";
        Assert.Single(Find(optional).Errors);
    }

    [Fact]
    public void What_is_wrong_is_told_and_the_key_is_not()
    {
        Assert.Contains("HC_CLOUD_KEY or OPENAI_API_KEY", Assert.Single(Find(OpenAI).Errors), StringComparison.Ordinal);
        Assert.Contains("authentication none", Assert.Single(Find(Compatible).Errors), StringComparison.Ordinal);

        _environment["HC_CLOUD_KEY"] = "two words-of-a-key";
        var error = Assert.Single(Find(OpenAI).Errors);
        Assert.Contains("HC_CLOUD_KEY", error, StringComparison.Ordinal);
        Assert.DoesNotContain("words-of-a-key", error, StringComparison.Ordinal);
        _environment.Clear();

        _environment["HC_CLOUD_KEY_FILE"] = _folder.File("missing");
        Assert.Contains("cannot be read", Assert.Single(Find(OpenAI).Errors), StringComparison.Ordinal);
        File.WriteAllText(_folder.File("missing"), "");
        Assert.Contains("1 to 4096", Assert.Single(Find(OpenAI).Errors), StringComparison.Ordinal);
        File.WriteAllText(_folder.File("missing"), new string('k', 100_000));
        Assert.Contains("larger than a key", Assert.Single(Find(OpenAI).Errors), StringComparison.Ordinal);
        _environment.Clear();

        _environment["HC_CLOUD_KEY_FILE"] = "sk-mistaken-for-a-file";
        Assert.DoesNotContain("mistaken", Assert.Single(Find(OpenAI).Errors), StringComparison.Ordinal);
        _environment.Clear();

        File.WriteAllText(_folder.File("secrets.json"), "{ not json");
        Assert.Contains("user secrets", Find(OpenAI).Errors[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_and_key_are_judged_in_one_message()
    {
        var problem = Assert.Throws<ProblemException>(() => CloudEscalation.Create(OpenAI with { Model = "" }, _folder.Path, environment: _ => null)).Problem;
        Assert.Contains("model is missing", problem.Detail, StringComparison.Ordinal);
        Assert.Contains("No key was found", problem.Detail, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.File("ledger.db")));
    }

    private (string? Key, List<string> Errors) Find(CloudOptions options)
    {
        var errors = new List<string>();
        var key = CloudKeys.Find(options, errors, name => _environment.GetValueOrDefault(name), _folder.File("secrets.json"));
        return (key?.Reveal(), errors);
    }
}
