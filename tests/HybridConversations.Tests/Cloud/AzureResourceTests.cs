using System.Net.Security;
using System.Text;
using Azure.Core;
using HybridConversations.Cloud;
using HybridConversations.Escalations;
using HybridConversations.Escalations.Ledger;
using HybridConversations.Escalations.Ledger.Sqlite;
using HybridConversations.Escalations.Settings;
using HybridConversations.Tests.Common.MisbehavingCloud;
using HybridConversations.Tests.Escalations;

namespace HybridConversations.Tests.Cloud;

/// <summary>Azure OpenAI by resource, deployment and api-version, and by its v1 address, against a server that answers as Azure does.</summary>
public sealed class AzureResourceTests : AzureServerTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_deployment_streams_its_reply(bool v1)
    {
        Server.Next(Misbehaviour.Answer("It ", "is ", "the moon."));

        var (text, finished, tried) = await Ask(AzureOptions(v1));

        Assert.Equal("It is the moon.", text);
        Assert.Equal(FinishReason.Stop, finished!.FinishReason);
        Assert.Equal((LedgerState.Settled, 3), (tried.State, tried.Tokens.Output));
        var call = Assert.Single(Server.Calls);
        Assert.Equal(v1 ? "/openai/v1/chat/completions" : "/openai/deployments/my-gpt-4o/chat/completions?api-version=2025-01-01-preview", call.Path);
        Assert.Equal(v1 ? (null, $"Bearer {CloudFixture.Key}") : (CloudFixture.Key, null), (call.ApiKey, call.Authorization));
    }

    [Theory]
    [InlineData(false, null, "max_tokens")]
    [InlineData(true, null, "max_completion_tokens")]
    [InlineData(false, MaxTokensMember.MaxCompletionTokens, "max_completion_tokens")]
    public async Task The_reply_is_bounded_in_the_member_that_the_model_knows(bool reasoning, MaxTokensMember? member, string name)
    {
        await Ask(AzureOptions() with { Reasoning = reasoning, MaxTokensMember = member, MaxOutputTokens = 77 });

        var body = Assert.Single(Server.Calls).Json;
        Assert.Equal(77, body.GetProperty(name).GetInt32());
        Assert.Single(body.EnumerateObject(), p => p.Name is "max_tokens" or "max_completion_tokens");
        Assert.True(body.GetProperty("stream_options").GetProperty("include_usage").GetBoolean());
    }

    [Fact]
    public async Task An_identity_asks_with_a_token_for_Azures_scope()
    {
        await using var tls = await MisbehavingServer.Start(tls: true);
        tls.Azure = Door;
        var credential = new FakeCredential();
        var options = AzureOptions() with { Resource = tls.ResourceAddress.AbsoluteUri, Authentication = CloudAuthentication.EntraId };
        using var model = new OpenAiCloudModel(options, null, credential: credential, handler: new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.Subject == "CN=127.0.0.1" },
        });
        for (var i = 0; i < 2; i++)
        {
            var (text, _, _) = await Ask(options, model);
            Assert.Equal("The cloud has thought about it.", text);
        }

        Assert.All(tls.Calls, call => Assert.Equal((null, $"Bearer {Token}"), (call.ApiKey, call.Authorization)));
        Assert.Equal(["https://cognitiveservices.azure.com/.default"], credential.Scopes);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_filtered_prompt_is_a_problem_that_names_the_categories(bool v1)
    {
        Server.Next(AzureDoor.FilteredPrompt);

        var (_, _, tried, problem) = await Fail(AzureOptions(v1));

        Assert.Equal((ProblemCodes.CloudFailed, 502, false), (problem.Code, problem.Status, problem.Retryable));
        Assert.Contains("its content filter refused the prompt (HTTP 400). It names: jailbreak (detected), violence (high).", problem.Detail, StringComparison.Ordinal);
        Assert.Equal((LedgerState.Released, "ContentFilter 400"), (tried.State, tried.Outcome));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_filtered_reply_is_cut_and_says_which_categories(bool v1)
    {
        Server.Next(AzureDoor.FilteredReply("First, "));

        var (text, finished, _) = await Ask(AzureOptions(v1));

        Assert.Equal(("First, ", FinishReason.Cut), (text, finished!.FinishReason));
        Assert.Contains("withheld the rest of the reply. It names: protected-material-text (detected), self-harm (medium).", finished.Note, StringComparison.Ordinal);

        Server.Next(AzureDoor.FilteredReply());
        var (_, _, _, problem) = await Fail(AzureOptions(v1));
        Assert.Contains("withheld the reply. It names: protected-material-text (detected), self-harm (medium).", problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_limit_is_waited_out_to_the_millisecond_and_by_no_one_but_us()
    {
        var time = new ManualTime();
        Server.Next(AzureDoor.TooMany(milliseconds: "1500", seconds: "60"));
        var asked = Ask(AzureOptions(), time: time);
        await Server.WaitForCall();
        await time.WaitForTimer(withinMs: 1_501);
        Assert.Single(Server.Calls);

        time.Advance(TimeSpan.FromMilliseconds(1_600));
        var (text, _, _) = await asked;

        Assert.Equal("The cloud has thought about it.", text);
        Assert.Equal(2, Server.Calls.Count);
    }

    [Fact]
    public async Task What_Azure_refuses_is_said_so_that_one_can_mend_it()
    {
        Assert.Contains("does not accept the key (HTTP 401)", (await Fail(AzureOptions(), key: "sk-wrong-key-of-another-resource")).Problem.Detail, StringComparison.Ordinal);
        Assert.Contains("no such deployment (HTTP 404); see deployment", (await Fail(AzureOptions() with { Deployment = "gone" })).Problem.Detail, StringComparison.Ordinal);
        Assert.Contains("no such deployment (HTTP 404)", (await Fail(AzureOptions(v1: true) with { Model = "gone" })).Problem.Detail, StringComparison.Ordinal);
        Assert.Contains("resource and api-version", (await Fail(AzureOptions() with { ApiVersion = "2024-10-21" })).Problem.Detail, StringComparison.Ordinal);
        Assert.Equal(4, Server.Calls.Count);
    }

    private async Task<(string Text, EscalationFinished? Finished, LedgerTry Try)> Ask(CloudOptions options, OpenAiCloudModel? model = null, TimeProvider? time = null)
    {
        var (text, finished, tried, problem) = await Run(options, model, time, CloudFixture.Key);
        return problem is null ? (text, finished, tried) : throw new ProblemException(problem);
    }

    private async Task<(string Text, EscalationFinished? Finished, LedgerTry Try, Problem Problem)> Fail(CloudOptions options, string key = CloudFixture.Key)
    {
        var (text, finished, tried, problem) = await Run(options, null, null, key);
        return (text, finished, tried, problem ?? throw new InvalidOperationException("It did not fail."));
    }

    private async Task<(string Text, EscalationFinished? Finished, LedgerTry Try, Problem? Problem)> Run(CloudOptions options, OpenAiCloudModel? model, TimeProvider? time, string key)
    {
        await using var ledger = new SqliteCostLedger(Folder.Path);
        using var own = model is null ? new OpenAiCloudModel(options, new Secret(key), time) : null;
        var escalation = new Escalation(options, model ?? own!, ledger, time);
        var text = new StringBuilder();
        EscalationFinished? finished = null;
        Problem? problem = null;
        try
        {
            await foreach (var e in escalation.Ask(CloudFixture.Request()))
            {
                text.Append((e as EscalationText)?.Text);
                finished = e as EscalationFinished;
            }
        }
        catch (ProblemException e)
        {
            problem = e.Problem;
        }

        return (text.ToString(), finished, (await ledger.Tries(1))[0], problem);
    }

    private sealed class FakeCredential : TokenCredential
    {
        public List<string> Scopes { get; } = [];

        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
        {
            Scopes.AddRange(requestContext.Scopes);
            return new AccessToken(Token, DateTimeOffset.UtcNow.AddHours(1));
        }

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            new(GetToken(requestContext, cancellationToken));
    }
}
