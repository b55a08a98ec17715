using System.CommandLine;
using System.Globalization;
using HybridConversations.Cli.Settings;
using HybridConversations.Cli.Terminal;
using HybridConversations.Http.Keys;

namespace HybridConversations.Cli.Commands;

/// <summary><c>hc keys</c>: who is let in. A running server heeds a change within a second.</summary>
internal static class KeysCommand
{
    public static Command Create() => new("keys", "Make, list and revoke the keys that let clients in.") { Add(), List(), Revoke() };

    private static Command Add()
    {
        var role = new Option<string>("--role") { Description = "What it may do: read, talk (and delete), or admin.", HelpName = "ROLE", Required = true };
        var tenant = new Option<string>("--tenant") { Description = $"Whose conversations it is for; '*' for everyone's. (default: {Tenants.Default}; for admin '*')", HelpName = "NAME" };
        var name = new Option<string>("--name") { Description = "Whose it is, in words.", HelpName = "TEXT" };
        role.Validators.Add(result => Check(result, KeySettings.Role(result.GetValueOrDefault<string>() ?? "") is null, "'--role' must be read, talk or admin."));
        tenant.Validators.Add(result => Check(result, !KeySettings.IsTenant(result.GetValueOrDefault<string>() ?? ""), $"'--tenant' must be '*', or 1 to {Tenants.MaxCharacters} letters, digits, '-', '_' or '.'."));
        var command = new Command("add", "Make a key and print it: it is shown this once, and only its hash is kept.") { role, tenant, name };
        var options = Options(command);
        command.SetAction(parsed =>
        {
            var file = File(options, parsed);
            var chosen = KeySettings.Role(parsed.GetValue(role)!)!.Value;
            var (key, kept) = KeySecret.Make(
                parsed.GetValue(name) ?? "", chosen, parsed.GetValue(tenant) ?? (chosen == KeyRole.Admin ? ApiKey.AllTenants : Tenants.Default), TimeProvider.System.GetUtcNow());
            file.Write([.. file.Read(), kept]);
            Console.Out.WriteLine(key);
            return ExitCodes.Success;
        });
        return command;
    }

    private static Command List()
    {
        var command = new Command("list", "List the keys: never themselves, only what is known of them.");
        var options = Options(command);
        command.SetAction(parsed =>
        {
            Console.Out.WriteLine($"{"ID",-10} {"ROLE",-6} {"TENANT",-16} {"MADE",-17} NAME");
            foreach (var key in File(options, parsed).Read())
            {
                Console.Out.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"{key.Id,-10} {key.Role.ToString().ToLowerInvariant(),-6} {key.Tenant,-16} {key.CreatedAt.UtcDateTime:yyyy-MM-dd HH:mm}Z {Printable.Of(key.Name)}"));
            }

            return ExitCodes.Success;
        });
        return command;
    }

    private static Command Revoke()
    {
        var id = new Argument<string>("ID") { Description = "The key's id, as 'hc keys list' shows it." };
        var command = new Command("revoke", "Let a key in no more.") { id };
        var options = Options(command);
        command.SetAction(parsed =>
        {
            var file = File(options, parsed);
            var keys = file.Read();
            var wanted = parsed.GetValue(id)!;
            if (keys.All(key => key.Id != wanted))
            {
                throw new ProblemException(ProblemCodes.Missing($"There is no key '{wanted}' in '{file.Path}'. 'hc keys list' shows those that are."));
            }

            file.Write([.. keys.Where(key => key.Id != wanted)]);
            Console.Out.WriteLine($"Key '{wanted}' is revoked.");
            return ExitCodes.Success;
        });
        return command;
    }

    private static SettingOptions Options(Command command) => new(command, [KeySettings.File, KnownSettings.Data]);

    private static KeyFile File(SettingOptions options, ParseResult parsed)
    {
        var reader = new SettingsReader(options.Sources(parsed));
        var path = KeySettings.PathOf(reader, DataFolders.Read(reader));
        reader.ThrowIfWrong();
        return new KeyFile(path!);
    }

    private static void Check(System.CommandLine.Parsing.OptionResult result, bool isWrong, string message)
    {
        if (isWrong)
        {
            result.AddError(message);
        }
    }
}
