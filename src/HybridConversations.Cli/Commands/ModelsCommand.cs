using System.CommandLine;
using HybridConversations.Cli.Models;
using HybridConversations.Cli.Settings;
using HybridConversations.Models;

namespace HybridConversations.Cli.Commands;

/// <summary><c>hc models</c>: which models are here, what they are, and how to get more.</summary>
internal static class ModelsCommand
{
    public static Command Create() => new("models", "List, describe and get model files.") { List(), Info(), Pull() };

    private static Command List()
    {
        var command = new Command("list", "List the models that are here and those that can be pulled by name.");
        command.SetAction(_ =>
        {
            ModelListing.Print(Console.Out, ModelFolder.Default, ModelFiles.FindDemo(AppContext.BaseDirectory));
            return ExitCodes.Success;
        });
        return command;
    }

    private static Command Info()
    {
        var model = new Argument<string?>("MODEL")
        {
            Arity = ArgumentArity.ZeroOrOne,
            Description = "A GGUF file, or the name of a model that is here; default: the model that chat and serve would load.",
        };
        var command = new Command("info", "Describe a model file, and what would compute it here.") { model };
        var options = new SettingOptions(command, [KnownSettings.Backend]);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var reader = new SettingsReader(options.Sources(parsed));
            var backend = ServerSettings.ReadBackendName(reader);
            reader.ThrowIfWrong();
            await ModelDescription.Print(Console.Out, parsed.GetValue(model) is { } given ? Checked(given) : Default(), backend, cancellationToken);
            return ExitCodes.Success;
        });
        return command;
    }

    private static string Checked(string given) => ModelFiles.Fault(given) is { } fault ? throw new SettingsException([fault]) : ModelFiles.Find(given);

    private static string Default()
    {
        var reader = new SettingsReader(SettingsSources.OfProcess(new Dictionary<Setting, string>()));
        var path = ModelFiles.Read(reader);
        reader.ThrowIfWrong();
        return path;
    }

    private static Command Pull()
    {
        var name = new Argument<string>("NAME") { Description = $"One of {ModelCatalog.Names}, or owner/repository/file.gguf of huggingface.co, with @revision behind it where wanted." };
        var folder = new Option<string?>("--folder") { Description = $"Where to put it; default: {ModelFolder.Variable}, else hybrid-conversations/models in ~/.local/share", HelpName = "DIR" };
        var command = new Command("pull", "Get a model file from Hugging Face; a pull that was broken off goes on.") { name, folder };
        command.SetAction((parsed, _) => ModelPull.Run(ModelSource.Parse(parsed.GetRequiredValue(name)), parsed.GetValue(folder) is { } given ? Paths.Full(given) : ModelFolder.Default));
        return command;
    }
}
