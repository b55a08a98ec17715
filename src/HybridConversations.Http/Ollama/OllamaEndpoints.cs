using HybridConversations.Http.Keys;
using HybridConversations.Http.Problems;

namespace HybridConversations.Http.Ollama;

/// <summary>Everything below <c>/api</c>, as clients of Ollama call it. docs/clients.md says which members are heeded.</summary>
internal static class OllamaEndpoints
{
    /// <summary>The release of Ollama whose API this is: clients ask for it and switch features on by it.</summary>
    private const string Version = "0.12.0";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api").WithTags("Ollama");
        group.MapPost("/chat", (HttpContext context, TenantActors actors, OllamaGeneration generation) => generation.Handle(context, actors.Device, OllamaChatReader.Read, chat: true))
            .WithName("ollamaChat").WithSummary("Answers messages in Ollama's format, as lines of JSON or whole; nothing is stored.");
        group.MapPost("/generate", (HttpContext context, TenantActors actors, OllamaGeneration generation) => generation.Handle(context, actors.Device, OllamaPromptReader.Read, chat: false))
            .WithName("ollamaGenerate").WithSummary("Answers a prompt in Ollama's format, as lines of JSON or whole; nothing is stored.");
        group.MapGet("/tags", OllamaModels.Tags).WithName("ollamaTags").WithSummary("The models that are served.").Produces<OllamaTags>();
        group.MapGet("/ps", OllamaModels.Running).WithName("ollamaPs").WithSummary("The models in memory.").Produces<OllamaRunning>();
        group.MapPost("/show", OllamaModels.Show).WithName("ollamaShow").WithSummary("What a model is and can do.").Produces<OllamaModelInfo>();
        group.MapGet("/version", (HttpContext context) => JsonAnswer.Write(context, new OllamaVersion(Version), OllamaJson.Answers.OllamaVersion))
            .WithName("ollamaVersion").WithSummary("The release of Ollama whose API this is.");
        foreach (var path in (string[])["/embed", "/embeddings"])
        {
            group.MapPost(path, (HttpContext context) => ProblemAnswer.Write(context, HttpProblems.NoEmbeddings()))
                .ExcludeFromDescription();
        }

        foreach (var path in (string[])["/pull", "/push", "/create", "/copy", "/delete", "/blobs/{digest}"])
        {
            group.MapMethods(path, ["GET", "POST", "DELETE"], (HttpContext context) => Refuse(context, "Models are not changed over HTTP here: use hc models pull, and hc serve --model."))
                .ExcludeFromDescription();
        }
    }

    private static Task Refuse(HttpContext context, string what) =>
        ProblemAnswer.Write(context, HttpProblems.NotDoneHere(what));
}
