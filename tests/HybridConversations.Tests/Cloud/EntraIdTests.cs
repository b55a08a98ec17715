using System.Net.Security;
using Azure.Core;
using Azure.Identity;
using HybridConversations.Cloud;
using HybridConversations.Escalations.Endpoints;
using HybridConversations.Escalations.Settings;
using HybridConversations.Tests.Common.MisbehavingCloud;
using HybridConversations.Tests.Escalations;

namespace HybridConversations.Tests.Cloud;

public sealed class EntraIdTests
{
    private static readonly CloudRequest Hello = new([new ChatMessage("user", "Hi")], new SamplingOptions(), 10);

    [Fact]
    public async Task A_token_for_Azures_scope_is_sent_and_used_again()
    {
        await using var server = await MisbehavingServer.Start(tls: true);
        var credential = new FakeCredential(() => new AccessToken("eyJ.entra.token", DateTimeOffset.UtcNow.AddHours(1)));
        using var model = Model(server, credential);

        for (var i = 0; i < 2; i++)
        {
            await foreach (var chunk in model.Stream(Hello, default))
            {
                Assert.NotNull(chunk.Text);
            }
        }

        Assert.All(server.Calls, c => Assert.Equal("Bearer eyJ.entra.token", c.Authorization));
        Assert.Equal(2, server.Calls.Count);
        Assert.Equal(["https://cognitiveservices.azure.com/.default"], credential.Scopes);
    }

    [Theory]
    [InlineData("https://r.openai.azure.com/openai/v1/", "https://cognitiveservices.azure.com/.default")]
    [InlineData("https://r.cognitiveservices.azure.com/", "https://cognitiveservices.azure.com/.default")]
    [InlineData("https://r.openai.azure.us/openai/v1/", "https://cognitiveservices.azure.us/.default")]
    [InlineData("https://r.openai.azure.cn/", "https://cognitiveservices.azure.cn/.default")]
    [InlineData("https://gateway.example/", "https://cognitiveservices.azure.com/.default")]
    public void Each_of_Azures_clouds_has_a_scope_of_its_own(string address, string scope) => Assert.Equal(scope, AzureCloud.Of(new Uri(address)).Scope);

    [Fact]
    public async Task An_old_token_is_replaced_before_it_expires()
    {
        var time = new ManualTime();
        await using var server = await MisbehavingServer.Start(tls: true);
        var count = 0;
        using var model = Model(server, new FakeCredential(() => new AccessToken($"token-{++count}", time.GetUtcNow().AddHours(1))), time);

        foreach (var minutes in (int[])[0, 57, 2])
        {
            time.Advance(TimeSpan.FromMinutes(minutes));
            await foreach (var chunk in model.Stream(Hello, default))
            {
                Assert.NotNull(chunk.Text);
            }
        }

        Assert.Equal(["Bearer token-1", "Bearer token-1", "Bearer token-2"], server.Calls.Select(c => c.Authorization));
    }

    [Fact]
    public async Task No_token_is_a_failure_that_says_so()
    {
        await using var server = await MisbehavingServer.Start(tls: true);
        using var model = Model(server, new FakeCredential(() => throw new CredentialUnavailableException("DefaultAzureCredential failed to retrieve a token.")));

        var failure = await Assert.ThrowsAsync<CloudException>(async () => await model.Stream(Hello, default).GetAsyncEnumerator().MoveNextAsync());

        Assert.Equal(CloudFailureKind.Unauthorized, failure.Kind);
        Assert.Contains("Entra ID gave no token", failure.Message, StringComparison.Ordinal);
        Assert.Empty(server.Calls);
    }

    [Fact]
    public async Task A_certificate_that_no_one_vouches_for_is_not_trusted()
    {
        await using var server = await MisbehavingServer.Start(tls: true);
        using var model = new OpenAiCloudModel(Options(server) with { Authentication = CloudAuthentication.Key }, new Secret("the-key"));

        var failure = await Assert.ThrowsAsync<CloudException>(async () => await model.Stream(Hello, default).GetAsyncEnumerator().MoveNextAsync());

        Assert.Equal(CloudFailureKind.Unreachable, failure.Kind);
        Assert.Empty(server.Calls);
    }

    private static CloudOptions Options(MisbehavingServer server) =>
        new() { Kind = CloudKind.Azure, BaseAddress = server.BaseAddress, Model = "gpt-4o", Authentication = CloudAuthentication.EntraId };

    private static OpenAiCloudModel Model(MisbehavingServer server, TokenCredential credential, TimeProvider? time = null) =>
        new(Options(server), null, time, credential, handler: new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.Subject == "CN=127.0.0.1" },
        });

    private sealed class FakeCredential(Func<AccessToken> token) : TokenCredential
    {
        public List<string> Scopes { get; } = [];

        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
        {
            Scopes.AddRange(requestContext.Scopes);
            return token();
        }

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            new(GetToken(requestContext, cancellationToken));
    }
}
