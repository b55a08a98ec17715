using HybridConversations.Client.Wire;
using HybridConversations.Http.Conversations;
using HybridConversations.Http.Dashboard;
using HybridConversations.Http.Doors;
using HybridConversations.Http.Fleet;
using HybridConversations.Http.Health;
using HybridConversations.Http.Keys;
using HybridConversations.Http.LlamaServer;
using HybridConversations.Http.Ollama;
using HybridConversations.Http.OpenAi;
using HybridConversations.Http.Problems;
using HybridConversations.Http.Requests;
using HybridConversations.Http.Responses;

namespace HybridConversations.Http;

/// <summary>
/// The HTTP API over <see cref="IActors"/>, which the host registers. docs/http-api.md is its contract.
/// </summary>
public static class HttpApi
{
    /// <summary>What the API needs besides the actors.</summary>
    /// <param name="services">Where to register it.</param>
    /// <param name="limits">Bounds and times; null for the defaults.</param>
    /// <param name="doors">Who may speak to it from a browser; null for its own pages only.</param>
    /// <param name="keys">Who is let in; null for whoever reaches it.</param>
    public static IServiceCollection AddHybridConversationsHttp(this IServiceCollection services, HttpLimits? limits = null, DoorOptions? doors = null, KeyOptions? keys = null)
    {
        services.AddRouting();
        services.AddOpenApi("v1", options => options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "HybridConversations";
            document.Info.Description = "Conversations that outlive everything, on the device unless they should not be. Streams are described in docs/http-api.md.";
            return Task.CompletedTask;
        }));
        services.ConfigureHttpJsonOptions(options =>
        {
            options.SerializerOptions.TypeInfoResolverChain.Insert(0, WireContext.Default);
            options.SerializerOptions.TypeInfoResolverChain.Insert(1, OpenAiContext.Default);
            options.SerializerOptions.TypeInfoResolverChain.Insert(2, OllamaContext.Default);
            options.SerializerOptions.TypeInfoResolverChain.Insert(3, LlamaContext.Default);
        });
        services.AddSingleton(limits ?? new HttpLimits());
        services.AddSingleton(doors ?? new DoorOptions());
        services.AddSingleton(keys ?? new KeyOptions());
        services.AddSingleton<KeyRing>();
        services.AddSingleton<AuditLog>();
        services.AddSingleton<TenantRates>();
        services.AddCors();
        services.AddSingleton<Readiness>();
        services.AddSingleton<OpenTurns>();
        services.AddSingleton<FleetWatch>();
        services.AddHostedService(provider => provider.GetRequiredService<FleetWatch>());
        services.AddSingleton<UnknownMembers>();
        services.AddSingleton<TurnEndpoint>();
        services.AddHttpContextAccessor();
        services.AddSingleton<BrokenReplies>();
        services.AddSingleton<OpenAiGeneration>();
        services.AddSingleton<ResponseSocket>();
        services.AddSingleton<ResponseLogs>();
        services.AddSingleton<BackgroundResponses>();
        services.AddSingleton<OllamaGeneration>();
        if (services.All(service => service.ServiceType != typeof(TimeProvider)))
        {
            services.AddSingleton(TimeProvider.System);
        }

        return services;
    }

    /// <summary>Puts every address of the API in place. When the application stops, running turns get <see cref="HttpLimits.ShutdownGrace"/>.</summary>
    public static void MapHybridConversations(this WebApplication app)
    {
        app.UseMiddleware<RequestIds>();
        app.UseMiddleware<SecurityHeaders>();
        app.UseMiddleware<ProblemMiddleware>();
        app.UseMiddleware<HeadRequests>();
        app.UseMiddleware<HostDoor>();
        app.UseWebSockets();
        app.UseMiddleware<OriginDoor>();
        if (app.Services.GetRequiredService<DoorOptions>().AllowedOrigins is { Count: > 0 } origins)
        {
            app.UseCors(policy => policy.WithOrigins([.. origins]).AllowAnyHeader().AllowAnyMethod().WithExposedHeaders("Retry-After", RequestIds.Header, UnknownMembers.Header));
        }

        app.UseMiddleware<KeyDoor>();
        app.UseMiddleware<RateDoor>();
        app.UseRouting();
        Conversations.ConversationEndpoints.Map(app);
        OpenAiEndpoints.Map(app);
        ResponseEndpoints.Map(app);
        Responses.ItemConversationEndpoints.Map(app);
        OllamaEndpoints.Map(app);
        HealthEndpoints.Map(app);
        LlamaServerEndpoints.Map(app);
        FleetEndpoints.Map(app);
        DashboardEndpoints.Map(app);
        app.MapOpenApi("/openapi/{documentName}.json");

        var limits = app.Services.GetRequiredService<HttpLimits>();
        var readiness = app.Services.GetRequiredService<Readiness>();
        var openTurns = app.Services.GetRequiredService<OpenTurns>();
        app.Lifetime.ApplicationStopping.Register(() =>
        {
            readiness.NotReady("The server is stopping.");
            openTurns.Close(limits.ShutdownGrace);
        });
    }
}
