using HybridConversations.Http.Problems;

namespace HybridConversations.Http.OpenAi;

/// <summary><c>GET /v1/models</c>: what the device runs.</summary>
internal static class ModelEndpoints
{
    public static async Task List(HttpContext context, IActors actors) =>
        await JsonAnswer.Write(context, new ModelList("list", [await Entry(actors.Device, context.RequestAborted)]), OpenAiJson.Answers.ModelList);

    public static async Task One(HttpContext context, string id, IActors actors)
    {
        var entry = await Entry(actors.Device, context.RequestAborted);
        if (entry.Id == id)
        {
            await JsonAnswer.Write(context, entry, OpenAiJson.Answers.ModelEntry);
            return;
        }

        await ProblemAnswer.Write(context, ProblemCodes.Missing($"There is no model '{id}' here; this device runs '{entry.Id}'."));
    }

    private static async ValueTask<ModelEntry> Entry(IDevice device, CancellationToken cancellationToken)
    {
        var status = await device.Status(cancellationToken);
        var model = status.Model;
        return new ModelEntry(
            model.Name, "model", status.StartedAt.ToUnixTimeSeconds(), "hybrid-conversations", new ModelMeta(model.Description, model.Bytes, model.TrainedContext, model.Hash));
    }
}
