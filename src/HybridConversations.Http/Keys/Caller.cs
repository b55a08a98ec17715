namespace HybridConversations.Http.Keys;

/// <summary>Who asks.</summary>
/// <param name="Id">Id of the key, for the log; <c>-</c> where none is asked for.</param>
/// <param name="Role">What it may do.</param>
/// <param name="Tenant">Whose conversations it sees; null for everyone's.</param>
internal sealed record Caller(string Id, KeyRole Role, string? Tenant)
{
    /// <summary>Whoever asks a server that wants no key.</summary>
    public static Caller Anyone { get; } = new("-", KeyRole.Admin, null);

    public static Caller Of(ApiKey key) => new(key.Id, key.Role, key.Tenant == ApiKey.AllTenants ? null : key.Tenant);

    /// <summary>Whose tokens, requests and KV it uses: its tenant's; those who see all tenants share one of their own, as do those who need no key.</summary>
    public string Account => Tenant ?? (this == Anyone ? Tenants.Default : ApiKey.AllTenants);

    /// <summary>Who sends this request.</summary>
    public static Caller Of(HttpContext context) => context.Features.Get<Caller>() ?? Anyone;
}
