using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HybridConversations.Inference.Tests.Templates;

/// <summary><c>@huggingface/jinja</c> in a process of its own, installed with npm into the folder <c>artifacts</c>.</summary>
internal sealed class TemplateOracle
{
    private static readonly Lock Installing = new();
    private static (TemplateOracle? Oracle, string Reason)? _found;
    private readonly string _folder;

    private TemplateOracle(string folder) => _folder = folder;

    private static string Scripts => Path.Combine(TemplateCases.Folder, "oracle");

    /// <summary>Null, with the reason, where npm or the package is not to be had.</summary>
    public static TemplateOracle? Find(out string reason)
    {
        lock (Installing)
        {
            (var oracle, reason) = _found ??= Install();
            return oracle;
        }
    }

    /// <summary>What each template makes of its context; null where it refuses.</summary>
    public string?[] Render(IReadOnlyList<(string Template, JsonElement Context)> cases, DateTimeOffset now)
    {
        var input = new JsonArray([.. cases.Select(one => (JsonNode)new JsonObject
        {
            ["template"] = one.Template,
            ["context"] = JsonNode.Parse(one.Context.GetRawText()),
            ["now"] = now.ToString("O"),
        })]);
        var (code, output, error) = Run("node", [Path.Combine(Scripts, "render.mjs"), _folder], Scripts, input.ToJsonString());
        Assert.True(code == 0, error);
        return [.. JsonNode.Parse(output)!.AsArray().Select(answer => answer!["text"]?.GetValue<string>())];
    }

    private static (TemplateOracle?, string) Install()
    {
        var folder = Path.Combine(Artifacts(), "template-oracle");
        Directory.CreateDirectory(folder);
        foreach (var name in (string[])["package.json", "package-lock.json"])
        {
            File.Copy(Path.Combine(Scripts, name), Path.Combine(folder, name), overwrite: true);
        }

        if (!File.Exists(Path.Combine(folder, "node_modules", "@huggingface", "jinja", "package.json")))
        {
            try
            {
                var (code, _, error) = Run("npm", ["ci", "--no-audit", "--no-fund", "--ignore-scripts"], folder, "");
                if (code != 0)
                {
                    return (null, "npm cannot install @huggingface/jinja: " + error.Split('\n')[0]);
                }
            }
            catch (System.ComponentModel.Win32Exception)
            {
                return (null, "npm is not installed.");
            }
        }

        return (new TemplateOracle(folder), "");
    }

    private static string Artifacts()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (folder.Name == "artifacts")
            {
                return folder.FullName;
            }
        }

        return AppContext.BaseDirectory;
    }

    private static (int Code, string Output, string Error) Run(string program, string[] arguments, string folder, string input)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        process.WaitForExit();
        return (process.ExitCode, output.Result, error.Result);
    }
}
