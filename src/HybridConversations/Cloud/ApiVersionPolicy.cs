using System.ClientModel.Primitives;

namespace HybridConversations.Cloud;

/// <summary>Asks for the api-version of the settings. The SDK knows a fixed list, and Azure has a new one every few months.</summary>
internal sealed class ApiVersionPolicy(string version) : PipelinePolicy
{
    private const string Parameter = "api-version=";

    public override void Process(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex) =>
        throw new NotSupportedException("Calls are asynchronous.");

    public override ValueTask ProcessAsync(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
    {
        var address = new UriBuilder(message.Request.Uri!);
        var others = address.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Where(pair => !pair.StartsWith(Parameter, StringComparison.OrdinalIgnoreCase));
        address.Query = string.Join('&', others.Append(Parameter + version));
        message.Request.Uri = address.Uri;
        return ProcessNextAsync(message, pipeline, currentIndex);
    }
}
