using System.Globalization;

namespace HybridConversations.Escalations.Settings;

/// <summary>Judges an Azure endpoint that is given as resource, deployment and api-version.</summary>
internal static class AzureResource
{
    private const int DateLength = 10;

    /// <summary>Earlier versions refuse to say what a streamed reply has used, so that its cost would be a guess.</summary>
    private static readonly DateOnly First = new(2024, 9, 1);

    public static void Check(CloudOptions options, List<string> errors)
    {
        if (options.Kind != CloudKind.Azure)
        {
            errors.Add("resource, deployment or api-version is given and kind is not azure: set kind to azure, or leave them out.");
        }

        if (options.BaseAddress is not null)
        {
            errors.Add("base-address is given beside resource, deployment or api-version: give the v1 address alone (best), or these three.");
        }

        if (options.Model.Length > 0 && options.Model != options.Deployment)
        {
            errors.Add($"model is '{options.Model}' and deployment '{options.Deployment}': with a resource the deployment says which model answers; leave model out.");
        }

        if (string.IsNullOrWhiteSpace(options.Deployment) || options.Deployment.Length > 64 || options.Deployment.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.')))
        {
            errors.Add($"deployment is '{options.Deployment}': give the deployment's name, 1 to 64 letters, digits, '-', '_' and '.'.");
        }

        if (!IsVersion(options.ApiVersion))
        {
            errors.Add($"api-version is '{options.ApiVersion}': give a date from {First:yyyy-MM-dd} on, with -preview or without, e.g. 2024-10-21.");
        }

        if (options.ResourceAddress is not { } address)
        {
            errors.Add("resource is missing or neither a name nor an address: give RESOURCE, or https://RESOURCE.openai.azure.com/.");
        }
        else if (address.UserInfo.Length > 0 || address.PathAndQuery != "/" || address.Fragment.Length > 0)
        {
            errors.Add("resource is an address with more than a scheme, a host and a port: give https://RESOURCE.openai.azure.com/; a v1 address is given as base-address.");
        }
        else if (address.Scheme != Uri.UriSchemeHttps && !(address.Scheme == Uri.UriSchemeHttp && address.IsLoopback))
        {
            errors.Add($"resource is {address}: it is reached over https, or its key would travel in the clear.");
        }
    }

    private static bool IsVersion(string? version) => version is not null && version.Length >= DateLength
        && DateOnly.TryParseExact(version.AsSpan(0, DateLength), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
        && date >= First && version[DateLength..] is "" or "-preview";
}
