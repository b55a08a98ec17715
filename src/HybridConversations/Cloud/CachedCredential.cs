using Azure.Core;

namespace HybridConversations.Cloud;

/// <summary>
/// Keeps a token until shortly before it expires. The SDK's bearer policy asks for one at every call, and some of Azure.Identity's credentials start
/// a process each time (Azure CLI) instead of remembering. Thread-safe; of callers that come at the same time one asks, the others wait.
/// </summary>
#pragma warning disable CA1001 // The semaphore has no timer and no wait handle in use: there is nothing to dispose.
internal sealed class CachedCredential(TokenCredential inner, TimeProvider time) : TokenCredential
#pragma warning restore CA1001
{
    private static readonly TimeSpan Early = TimeSpan.FromMinutes(2);

    private readonly SemaphoreSlim _one = new(1);
    private AccessToken? _token;

    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        throw new NotSupportedException("Calls are asynchronous.");

    public override async ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken)
    {
        // A challenge asks for a token with other claims: the one at hand would be refused again.
        if (requestContext.Claims is not null)
        {
            return await inner.GetTokenAsync(requestContext, cancellationToken);
        }

        await _one.WaitAsync(cancellationToken);
        try
        {
            if (_token is not { } token || (token.RefreshOn ?? token.ExpiresOn - Early) <= time.GetUtcNow())
            {
                _token = token = await inner.GetTokenAsync(requestContext, cancellationToken);
            }

            return token;
        }
        finally
        {
            _one.Release();
        }
    }
}
