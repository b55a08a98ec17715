using System.Collections.Concurrent;
using System.Text.Json;
using HybridConversations.Inference.Replies;
using HybridConversations.Inference.Templates;
using HybridConversations.Inference.Templates.Runtime;

namespace HybridConversations.Inference.Tests.Templates;

/// <summary>The templates and conversations beside this file, and what the oracle made of them.</summary>
internal static class TemplateCases
{
    public static readonly DateTimeOffset Now = new(2026, 11, 5, 9, 7, 0, TimeSpan.Zero);

    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "Templates");

    public static IReadOnlyDictionary<string, JsonElement> Conversations { get; } = Read("conversations.json").EnumerateObject().ToDictionary(one => one.Name, one => one.Value);

    public static IEnumerable<string> Families { get; } = [.. Directory.GetFiles(Path.Combine(Folder, "families")).Select(file => Path.GetFileNameWithoutExtension(file)!).Order()];

    private static readonly ConcurrentDictionary<string, ReplyForm> Forms = new(StringComparer.Ordinal);

    public static ReplyForm Form(string family) => Forms.GetOrAdd(family, static family => ReplyForm.Of(new ChatTemplate(Source(family), "<s>", "</s>")));

    public static string Source(string family) => File.ReadAllText(Path.Combine(Folder, "families", family + ".jinja"));

    public static JsonElement Read(string name)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, name)));
        return document.RootElement.Clone();
    }

    public static string Render(string template, JsonElement context, TemplateLimits? limits = null) =>
        JinjaTemplate.Compile(template, limits).Render(((MapValue)JsonValues.From(context)).Entries, Now);

    /// <summary>The text, or the fault in angle brackets.</summary>
    public static string Try(string template, JsonElement context)
    {
        try
        {
            return Render(template, context);
        }
        catch (TemplateException refused)
        {
            return $"<{refused.Fault}: {refused.Message}>";
        }
    }
}
