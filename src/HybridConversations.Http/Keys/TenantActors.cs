namespace HybridConversations.Http.Keys;

/// <summary>
/// The conversations that a caller may see. A tenant's conversations have its name before their ids (<see cref="Tenants"/>), so what it asks for is its own by construction: another
/// tenant's conversation is none that it could name, whether it exists or not.
/// </summary>
internal sealed class TenantActors(IActors actors, Caller caller, TokenRates rates) : IActors, IConversations, IConversationArchive
{
    public static ValueTask<TenantActors> BindAsync(HttpContext context) =>
        new(new TenantActors(context.RequestServices.GetRequiredService<IActors>(), Caller.Of(context), context.RequestServices.GetRequiredService<TokenRates>()));

    public Caller Caller { get; } = caller;
    public IConversations Conversations => this;
    public IConversationArchive Archive => this;
    public IDevice Device => new TenantDevice(actors.Device, Caller, rates);
    public IFleet Fleet => actors.Fleet;

    public IConversation Get(string conversationId) => rates.IsLimited
        ? new MeteredConversation(actors.Conversations, Stored(conversationId), Caller.Account, rates)
        : actors.Conversations.Get(Stored(conversationId));

    public Task<ConversationList> List(string? cursor, int limit, CancellationToken cancellationToken = default) => Find(new ConversationQuery(), cursor, limit, cancellationToken);

    public async Task<ConversationList> Find(ConversationQuery query, string? cursor, int limit, CancellationToken cancellationToken = default)
    {
        if (Caller.Tenant is not { } tenant)
        {
            return await actors.Archive.Find(query, cursor, limit, cancellationToken);
        }

        var list = await actors.Archive.Find(query with { Tenant = tenant }, cursor, limit, cancellationToken);
        return list with { Conversations = [.. list.Conversations.Select(line => line with { Id = Tenants.Shown(tenant, line.Id) })] };
    }

    public async Task<ConversationPage?> Read(string conversationId, long after, int limit, CancellationToken cancellationToken = default) =>
        await actors.Archive.Read(Stored(conversationId), after, limit, cancellationToken) is { } page ? page with { Id = conversationId } : null;

    /// <summary>The turn as this caller may say it: whose it is says the key.</summary>
    /// <exception cref="ProblemException"><c>forbidden</c>: it names another tenant.</exception>
    public Turn Own(Turn turn, string conversationId) => Caller.Tenant is { } tenant
        ? turn.Tenant is Tenants.Default || turn.Tenant == tenant ? turn with { Tenant = tenant } : throw new ProblemException(KeyProblems.OtherTenant(turn.Tenant))
        : Tenants.Of(conversationId) is var owner && owner != Tenants.Default ? turn with { Tenant = owner } : turn;

    private string Stored(string conversationId)
    {
        if (Caller.Tenant is null)
        {
            return conversationId;
        }

        return Tenants.Of(conversationId) == Tenants.Default
            ? Tenants.Stored(Caller.Tenant, conversationId)
            : throw new ProblemException(ProblemCodes.InvalidRequest($"A conversation id may not hold '{Tenants.Separator}'."));
    }
}
