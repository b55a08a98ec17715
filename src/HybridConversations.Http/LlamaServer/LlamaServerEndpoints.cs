using HybridConversations.Http.Health;
using HybridConversations.Http.Problems;
using HybridConversations.Http.Requests;

namespace HybridConversations.Http.LlamaServer;

/// <summary>What programs made for llama-server ask besides <c>/v1</c>: <c>/health</c>, <c>/props</c>, <c>/tokenize</c> and <c>/detokenize</c>.</summary>
internal static class LlamaServerEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("").WithTags("llama-server");
        group.MapGet("/health", Health).WithName("health").WithSummary("200 when turns are welcome, in llama-server's form.").Produces<LlamaHealth>();
        group.MapGet("/props", Properties).WithName("props").WithSummary("What is served, in llama-server's form.").Produces<LlamaProperties>();
        group.MapPost("/tokenize", Tokenize).WithName("tokenize").WithSummary("The tokens of a text.").Produces<LlamaTokens>();
        group.MapPost("/detokenize", Detokenize).WithName("detokenize").WithSummary("The text of tokens.").Produces<LlamaText>();
    }

    private static async Task Health(HttpContext context, Readiness readiness, IActors actors)
    {
        if (await HealthEndpoints.Fault(readiness, actors, context.RequestAborted) is { } reason)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            context.Response.Headers.RetryAfter = "1";
            await context.Response.WriteAsJsonAsync(new LlamaFault(new LlamaError(503, reason, "unavailable_error")), LlamaJson.Answers.LlamaFault, contentType: null, context.RequestAborted);
            return;
        }

        await JsonAnswer.Write(context, new LlamaHealth("ok"), LlamaJson.Answers.LlamaHealth);
    }

    private static async Task Properties(HttpContext context, IActors actors)
    {
        var status = await actors.Device.Status(context.RequestAborted);
        var properties = new LlamaProperties(
            new LlamaGenerationDefaults(status.Load.KvCells), status.Load.MaxSequences, status.Model.Name, (actors.Device as ITokenizer)?.ChatTemplate ?? "", "hybrid-conversations");
        await JsonAnswer.Write(context, properties, LlamaJson.Answers.LlamaProperties);
    }

    private static async Task Tokenize(HttpContext context, IActors actors, HttpLimits limits, UnknownMembers unknown)
    {
        using var body = await RequestBody.Read(context, limits);
        var members = new JsonMembers(body.RootElement, LlamaServerFields.Tokenize);
        var content = members.RequiredText("content", 0, Limits.MaxTurnCharacters, "the text to cut into tokens") ?? "";
        var (begin, special, pieces) = (members.Flag("add_special") ?? false, members.Flag("parse_special") ?? true, members.Flag("with_pieces") ?? false);
        members.Close(unknown);
        var tokenizer = Tokenizer(actors);
        var tokens = tokenizer.Tokenize(content, begin, special);
        if (pieces)
        {
            await JsonAnswer.Write(context, new LlamaPieces([.. tokens.Select(token => new LlamaPiece(token, tokenizer.Detokenize([token])))]), LlamaJson.Answers.LlamaPieces);
            return;
        }

        await JsonAnswer.Write(context, new LlamaTokens(tokens), LlamaJson.Answers.LlamaTokens);
    }

    private static async Task Detokenize(HttpContext context, IActors actors, HttpLimits limits, UnknownMembers unknown)
    {
        using var body = await RequestBody.Read(context, limits);
        var members = new JsonMembers(body.RootElement, LlamaServerFields.Detokenize);
        var tokens = members.WholeNumbers("tokens", Limits.MaxTurnCharacters, 0, int.MaxValue);
        members.Close(unknown);
        await JsonAnswer.Write(context, new LlamaText(Tokenizer(actors).Detokenize(tokens)), LlamaJson.Answers.LlamaText);
    }

    private static ITokenizer Tokenizer(IActors actors) => actors.Device as ITokenizer
        ?? throw new ProblemException(HttpProblems.NotDoneHere("The device of this server is elsewhere and does not hand out its tokens. Ask the device itself."));
}
