namespace HybridConversations.Cloud;

/// <summary>One of Azure's clouds, told by an endpoint's host.</summary>
/// <param name="Scope">What an Entra ID token is asked for: Azure AI services, as in Microsoft's own samples.</param>
internal sealed record AzureCloud(string Scope)
{
    private static readonly AzureCloud Public = new("https://cognitiveservices.azure.com/.default");
    private static readonly AzureCloud Government = new("https://cognitiveservices.azure.us/.default");
    private static readonly AzureCloud China = new("https://cognitiveservices.azure.cn/.default");

    public static AzureCloud Of(Uri address) =>
        address.Host.EndsWith(".azure.us", StringComparison.OrdinalIgnoreCase) ? Government
        : address.Host.EndsWith(".azure.cn", StringComparison.OrdinalIgnoreCase) ? China
        : Public;
}
