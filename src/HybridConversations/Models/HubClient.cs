using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace HybridConversations.Models;

/// <summary>
/// Speaks with the hub. It answers a file's address with a redirect to a store of blobs; size and SHA-256 stand in the redirect's own headers,
/// <c>X-Linked-Size</c> and <c>X-Linked-ETag</c>. Redirects are followed by hand: the token and the trust in those headers end where the hub's origin ends.
/// </summary>
internal sealed class HubClient(ModelDownloaderOptions options) : IDisposable
{
    private const int MaxRedirects = 8;

    // How long an answer may take is the caller's token's business.
    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = options.StallTimeout,
    });

    public void Dispose() => _http.Dispose();

    /// <summary>Asks for size and hash.</summary>
    public async Task<HubFile> Resolve(ModelSource source, CancellationToken cancellationToken)
    {
        string? hash = null;
        string? commit = null;
        long? bytes = null;
        var address = AddressOf(source, source.Revision);
        for (var redirects = 0; redirects <= MaxRedirects; redirects++)
        {
            using var response = await Send(HttpMethod.Head, address, 0, null, cancellationToken).ConfigureAwait(false);
            if (IsHub(address))
            {
                hash ??= Hash(Header(response, "X-Linked-ETag"));
                commit ??= Commit(Header(response, "X-Repo-Commit"));
                bytes ??= long.TryParse(Header(response, "X-Linked-Size"), NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size : null;
            }

            if (Next(response, address) is { } next && (hash is null || bytes is null))
            {
                address = next;
                continue;
            }

            if (!response.IsSuccessStatusCode && !IsRedirect(response.StatusCode))
            {
                throw Refused(source, response, address);
            }

            bytes ??= response.Content.Headers.ContentLength;
            hash ??= IsHub(address) ? Hash(response.Headers.ETag?.Tag) : null;
            return Described(source, commit, hash, bytes);
        }

        throw ModelProblems.Failed($"{options.Endpoint} redirects more than {MaxRedirects} times for {source.Repository}/{source.File}. Check HF_ENDPOINT.");
    }

    /// <summary>Asks for the bytes from an offset on; the answer's status is 200, 206 or 416.</summary>
    /// <param name="file">As resolved.</param>
    /// <param name="from">Offset of the first byte.</param>
    /// <param name="etag">ETag of the store's earlier answer, so that a changed file is sent whole.</param>
    /// <param name="cancellationToken">Also ends the reading of the body.</param>
    public async Task<HttpResponseMessage> Get(HubFile file, long from, string? etag, CancellationToken cancellationToken)
    {
        var address = AddressOf(file.Source, file.Revision);
        for (var redirects = 0; redirects <= MaxRedirects; redirects++)
        {
            var response = await Send(HttpMethod.Get, address, from, etag, cancellationToken).ConfigureAwait(false);
            if (Next(response, address) is { } next)
            {
                response.Dispose();
                address = next;
                continue;
            }

            if (response.StatusCode is HttpStatusCode.OK or HttpStatusCode.PartialContent or HttpStatusCode.RequestedRangeNotSatisfiable)
            {
                return response;
            }

            using (response)
            {
                throw Refused(file.Source, response, address);
            }
        }

        throw ModelProblems.Failed($"{options.Endpoint} redirects more than {MaxRedirects} times for {file.Source.Repository}/{file.Source.File}. Check HF_ENDPOINT.");
    }

    private async Task<HttpResponseMessage> Send(HttpMethod method, Uri address, long from, string? etag, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, address);
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("HybridConversations", "0.1"));
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
        if (options.Token is not null && IsHub(address))
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", options.Token);
        }

        if (from > 0)
        {
            request.Headers.Range = new RangeHeaderValue(from, null);
            request.Headers.IfRange = etag is not null && EntityTagHeaderValue.TryParse(etag, out var tag) && !tag.IsWeak ? new RangeConditionHeaderValue(tag) : null;
        }

        try
        {
            return await _http.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException e)
        {
            throw new FutileTryException($"{address.Host} cannot be reached ({e.Message})", inner: e);
        }
    }

    private Exception Refused(ModelSource source, HttpResponseMessage response, Uri address)
    {
        // A store refuses addresses that have grown old: the next try gets a fresh one.
        var refusal = IsHub(address) ? ModelProblems.Refused(source, options.Endpoint, response.StatusCode, Header(response, "X-Error-Code"), options.Token is not null) : null;
        var retryAfter = response.Headers.RetryAfter?.Delta ?? response.Headers.RetryAfter?.Date - options.Time.GetUtcNow();
        return refusal is not null ? refusal : new FutileTryException($"{address.Host} answers HTTP {(int)response.StatusCode}", retryAfter);
    }

    private HubFile Described(ModelSource source, string? commit, string? hash, long? bytes)
    {
        hash ??= source.Sha256;
        if (hash is null || bytes is null or <= 0)
        {
            throw ModelProblems.Failed(
                $"{options.Endpoint} does not say the {(hash is null ? "SHA-256" : "size")} of {source.Repository}/{source.File}, so it could "
                    + "not be checked. Pull it from https://huggingface.co.");
        }

        return source.Sha256 is null || source.Sha256 == hash
            ? new HubFile(source, commit ?? source.Revision, hash, bytes.Value)
            : throw ModelProblems.Failed($"{source.Repository}/{source.File} has the SHA-256 {hash} on {options.Endpoint}, and {source.Sha256} is wanted. Nothing was downloaded.");
    }

    private static Uri? Next(HttpResponseMessage response, Uri address)
    {
        if (!IsRedirect(response.StatusCode))
        {
            return null;
        }

        var next = response.Headers.Location is { } location && Uri.TryCreate(address, location, out var absolute) ? absolute : null;
        return next?.Scheme == "https" || (next?.Scheme == "http" && address.Scheme == "http")
            ? next
            : throw ModelProblems.Failed($"{address.Host} redirects to '{response.Headers.Location}', which is not followed: an https address is needed.");
    }

    private Uri AddressOf(ModelSource source, string revision) =>
        new($"{options.Endpoint.ToString().TrimEnd('/')}/{source.Repository}/resolve/{revision}/{source.File}");

    private bool IsHub(Uri address) =>
        Uri.Compare(address, options.Endpoint, UriComponents.SchemeAndServer, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) == 0;

    private static bool IsRedirect(HttpStatusCode status) => (int)status is 301 or 302 or 303 or 307 or 308;

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.FirstOrDefault()?.Trim() : null;

    private static string? Hash(string? etag)
    {
        var text = etag?.Trim('"').ToLowerInvariant();
        return text?.Length == 64 && text.All(char.IsAsciiHexDigit) ? text : null;
    }

    private static string? Commit(string? text) => text?.Length == 40 && text.All(char.IsAsciiHexDigit) ? text : null;
}
