using HybridConversations.Http.Problems;

namespace HybridConversations.Http.Keys;

/// <summary>Refuses what a tenant asks beyond its rate, with 429 and when to come again. What a probe or a page's file asks is not counted.</summary>
internal sealed class RateDoor(RequestDelegate next, TenantRates rates)
{
    public Task InvokeAsync(HttpContext context) =>
        context.Features.Get<Caller>() is { } caller && caller.Id != "own" && rates.Take(caller.Account) is { } refusal
            ? ProblemAnswer.Write(context, refusal)
            : next(context);
}
