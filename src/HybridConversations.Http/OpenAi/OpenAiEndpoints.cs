using HybridConversations.Http.Problems;

namespace HybridConversations.Http.OpenAi;

/// <summary>Everything below <c>/v1</c>, in OpenAI's format.</summary>
internal static class OpenAiEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1").WithTags("OpenAI");
        group.MapPost("/chat/completions", (HttpContext context, IActors actors, ChatCompletionEndpoint endpoint) => endpoint.Handle(context, actors.Device))
            .WithName("createChatCompletion").WithSummary("Answers messages in OpenAI's format, streamed or whole; nothing is stored.")
            .Produces<ChatCompletion>().Produces<OpenAiErrorDocument>(400).Produces<OpenAiErrorDocument>(413).Produces<OpenAiErrorDocument>(503);
        group.MapGet("/models", ModelEndpoints.List).WithName("listModels").WithSummary("The models that are served.").Produces<ModelList>();
        group.MapGet("/models/{id}", ModelEndpoints.One).WithName("retrieveModel").WithSummary("One of the models that are served.")
            .Produces<ModelEntry>().Produces<OpenAiErrorDocument>(404);
    }
}
