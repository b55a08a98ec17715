using HybridConversations.Escalations.Settings;
using HybridConversations.Tests.Common;
using HybridConversations.Tests.Common.MisbehavingCloud;
using HybridConversations.Tests.Escalations;

namespace HybridConversations.Tests.Cloud;

/// <summary>Tests against a server that answers as Azure does, by resource and by its v1 address.</summary>
public abstract class AzureServerTests : IAsyncLifetime
{
    private protected const string Token = "eyJ.entra.token";

    private protected static AzureDoor Door { get; } = new(CloudFixture.Key, Token, "my-gpt-4o", "2025-01-01-preview");

    private protected TemporaryFolder Folder { get; } = new();

    private protected MisbehavingServer Server { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Server = await MisbehavingServer.Start();
        Server.Azure = Door;
    }

    public async Task DisposeAsync()
    {
        await Server.DisposeAsync();
        Folder.Dispose();
    }

    /// <param name="v1">By the v1 address; otherwise by resource, deployment and api-version.</param>
    private protected CloudOptions AzureOptions(bool v1 = false)
    {
        var options = new CloudOptions
        {
            Kind = CloudKind.Azure,
            Prices = new CloudPrices { Input = 2.5m, Output = 10m },
            Retry = new CloudRetry { BaseDelayMs = 1, MaxDelayMs = 2 },
        };
        return v1 ? options with { BaseAddress = Server.AzureV1Address, Model = Door.Deployment }
            : options with { Resource = Server.ResourceAddress.AbsoluteUri, Deployment = Door.Deployment, ApiVersion = Door.ApiVersion };
    }
}
