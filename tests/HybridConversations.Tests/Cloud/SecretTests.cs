using System.Text.Json;
using HybridConversations.Cloud;

namespace HybridConversations.Tests.Cloud;

public sealed class SecretTests
{
    private const string Key = "sk-abcdefghijklmnop";

    [Fact]
    public void It_shows_itself_to_no_one()
    {
        var secret = new Secret(Key);
        Assert.Equal("***", secret.ToString());
        Assert.Equal("***", $"{secret}");
        Assert.Equal("\"***\"", JsonSerializer.Serialize(secret));
        Assert.Equal("""{"Key":"***"}""", JsonSerializer.Serialize(new Holder(secret)));
        Assert.Equal("Holder { Key = *** }", new Holder(secret).ToString());
        Assert.Equal(Key, secret.Reveal());
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Secret>($"\"{Key}\""));
    }

    [Theory]
    [InlineData("")]
    [InlineData("with space")]
    [InlineData("with\nline")]
    [InlineData("schlüssel")]
    public void What_cannot_stand_in_a_header_is_refused_without_being_shown(string value)
    {
        var error = Assert.Throws<FormatException>(() => new Secret(value));
        Assert.DoesNotContain(value.Length == 0 ? "\0" : value, error.Message, StringComparison.Ordinal);
    }

    private sealed record Holder(Secret Key);
}
