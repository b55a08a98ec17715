using HybridConversations.Tests.Common;

namespace HybridConversations.Cli.Tests.Commands;

public sealed class KeysCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_key_is_shown_once_listed_without_itself_and_revoked()
    {
        var file = Path.Combine(_folder.Path, "keys.json");
        var added = await HcProcess.Run("keys", "add", "--role", "talk", "--tenant", "acme", "--name", "kiosk", "--keys", file);
        Assert.Equal(0, added.ExitCode);
        var key = added.Output.Trim();
        Assert.Matches("^hc_[A-Za-z0-9]{8}_[A-Za-z0-9]{32}$", key);
        Assert.DoesNotContain(key, await File.ReadAllTextAsync(file));
        var listed = (await HcProcess.Run("keys", "list", "--keys", file)).Output;
        Assert.Matches("talk +acme .*kiosk", listed);
        Assert.DoesNotContain(key[12..], listed);
        var id = key[3..11];
        Assert.Equal(0, (await HcProcess.Run("keys", "revoke", id, "--keys", file)).ExitCode);
        Assert.DoesNotContain(id, (await HcProcess.Run("keys", "list", "--keys", file)).Output);
        Assert.Contains($"There is no key '{id}'", Assert.Single((await HcProcess.Run("keys", "revoke", id, "--keys", file)).ErrorLines));
    }

    [Fact]
    public async Task A_role_or_tenant_that_there_is_not_is_refused()
    {
        Assert.Contains("'--role' must be", string.Join(' ', (await HcProcess.Run("keys", "add", "--role", "boss")).ErrorLines));
        Assert.Contains("'--tenant' must be", string.Join(' ', (await HcProcess.Run("keys", "add", "--role", "talk", "--tenant", "a b")).ErrorLines));
    }
}
