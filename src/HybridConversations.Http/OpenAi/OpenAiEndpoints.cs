using HybridConversations.Http.Keys;
using HybridConversations.Http.Problems;
using HybridConversations.Http.Requests;

namespace HybridConversations.Http.OpenAi;

/// <summary>Everything below <c>/v1</c>, in OpenAI's format.</summary>
internal static class OpenAiEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1").WithTags("OpenAI");
        group.MapPost("/chat/completions", Chat)
            .WithName("createChatCompletion").WithSummary("Answers messages in OpenAI's format, streamed or whole; nothing is stored.")
            .Produces<ChatCompletion>().Produces<OpenAiErrorDocument>(400).Produces<OpenAiErrorDocument>(413).Produces<OpenAiErrorDocument>(503);
        group.MapPost("/completions", Complete).WithName("createCompletion").WithSummary("Goes on with a text in OpenAI's format, streamed or whole; nothing is stored.")
            .Produces<TextCompletion>().Produces<OpenAiErrorDocument>(400).Produces<OpenAiErrorDocument>(503);
        group.MapPost("/embeddings", (Delegate)Embed)
            .WithName("createEmbedding").WithSummary("501: a chat model makes no embeddings.").Produces<OpenAiErrorDocument>(501);
        group.MapGet("/models", ModelEndpoints.List).WithName("listModels").WithSummary("The models that are served.").Produces<ModelList>();
        group.MapGet("/models/{id}", ModelEndpoints.One).WithName("retrieveModel").WithSummary("One of the models that are served.")
            .Produces<ModelEntry>().Produces<OpenAiErrorDocument>(404);
    }

    private static async Task Chat(HttpContext context, TenantActors actors, OpenAiGeneration generation, HttpLimits limits, UnknownMembers unknown, TimeProvider time)
    {
        using var body = await RequestBody.Read(context, limits);
        var request = ChatCompletionReader.Read(body.RootElement, unknown);
        await generation.Handle(context, actors.Device, request, device => new ChatAnswerWriter(AnswerHead.Of("chatcmpl", device, time), request.Replies.Count));
    }

    private static Task Embed(HttpContext context) => ProblemAnswer.Write(context, HttpProblems.NoEmbeddings());

    private static async Task Complete(HttpContext context, TenantActors actors, OpenAiGeneration generation, HttpLimits limits, UnknownMembers unknown, TimeProvider time)
    {
        using var body = await RequestBody.Read(context, limits);
        var request = CompletionReader.Read(body.RootElement, unknown);
        await generation.Handle(context, actors.Device, request.Replies, device => new TextAnswerWriter(AnswerHead.Of("cmpl", device, time), request));
    }
}
