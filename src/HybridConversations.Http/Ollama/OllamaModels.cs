using System.Text.Json;
using HybridConversations.Http.Problems;
using HybridConversations.Http.Requests;

namespace HybridConversations.Http.Ollama;

/// <summary>The one model that is served, in the words of Ollama.</summary>
internal static class OllamaModels
{
    /// <summary>Ollama's names have a tag; clients compare with it.</summary>
    public static string NameOf(ModelStatus model) => model.Name.Contains(':') ? model.Name : $"{model.Name}:latest";

    public static async Task Tags(HttpContext context, IActors actors)
    {
        var status = await actors.Device.Status(context.RequestAborted);
        await JsonAnswer.Write(
            context,
            new OllamaTags([new OllamaTag(NameOf(status.Model), NameOf(status.Model), status.StartedAt, status.Model.Bytes, status.Model.Hash, OllamaModelDetails.Of(status.Model))]),
            OllamaJson.Answers.OllamaTags);
    }

    public static async Task Running(HttpContext context, IActors actors)
    {
        var status = await actors.Device.Status(context.RequestAborted);
        var model = status.Model;
        await JsonAnswer.Write(
            context,
            new OllamaRunning([new OllamaRunningModel(NameOf(model), NameOf(model), model.Bytes, model.Hash, OllamaModelDetails.Of(model), DateTimeOffset.MaxValue, model.Bytes, status.Load.KvCells)]),
            OllamaJson.Answers.OllamaRunning);
    }

    public static async Task Show(HttpContext context, IActors actors, HttpLimits limits)
    {
        using var body = await RequestBody.Read(context, limits);
        var members = new JsonMembers(body.RootElement);
        var asked = members.Text("model", 1, 256) ?? members.RequiredText("name", 1, 256, "which model");
        members.ThrowIfWrong();
        var status = await actors.Device.Status(context.RequestAborted);
        if (asked != status.Model.Name && asked != NameOf(status.Model))
        {
            await ProblemAnswer.Write(context, ProblemCodes.Missing($"model '{LogText.Of(asked)}' not found: this device runs '{status.Model.Name}'."));
            return;
        }

        var details = OllamaModelDetails.Of(status.Model);
        var info = new Dictionary<string, JsonElement>
        {
            ["general.architecture"] = JsonSerializer.SerializeToElement(details.Family, OllamaJson.Answers.String),
            ["general.basename"] = JsonSerializer.SerializeToElement(status.Model.Name, OllamaJson.Answers.String),
            [$"{details.Family}.context_length"] = JsonSerializer.SerializeToElement(status.Model.TrainedContext, OllamaJson.Answers.Int32),
        };
        await JsonAnswer.Write(context, new OllamaModelInfo("", "", "", details, info, ["completion", "tools"], status.StartedAt), OllamaJson.Answers.OllamaModelInfo);
    }
}
