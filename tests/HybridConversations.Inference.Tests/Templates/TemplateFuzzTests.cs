using System.Diagnostics;
using System.Text;
using HybridConversations.Inference.Templates;

namespace HybridConversations.Inference.Tests.Templates;

/// <summary>A template is a stranger's program: whatever it is, rendering it ends in text or in a <see cref="TemplateException"/>, within its limits.</summary>
public sealed class TemplateFuzzTests
{
    private static readonly TemplateLimits Small = new() { Steps = 200_000, Output = 200_000, Characters = 2_000_000 };

    [Fact]
    public void Mutated_templates_end()
    {
        var seed = Random.Shared.Next();
        var mutator = new TemplateMutator(seed);
        var conversations = TemplateCases.Conversations.Values.ToArray();
        for (var round = 0; round < 4000; round++)
        {
            Ends(mutator.Next(), conversations[round % conversations.Length], $"seed {seed}, round {round}");
        }
    }

    [Fact]
    public void Random_signs_end()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        var context = TemplateCases.Read("snippets.json").GetProperty("context");
        string[] words = ["{%", "%}", "{{", "}}", "{#", "#}", "-", "+", "*", "**", "/", "//", "%", "~", "|", ".", ",", ":", "(", ")", "[", "]", "{", "}", "=", "==", "<", "'a'", "\"", "\\", "1", "1.5", "99999999",
            " if ", " else ", " for ", " in ", " not ", " is ", " and ", " set ", " endfor ", " endif ", " macro ", " m", " endmacro ", " call ", "range", "x", "l", "d", "s", "messages", "loop", "namespace", "tojson", "items", "sort", "\n", " ", "é", "\ud800"];
        for (var round = 0; round < 20_000; round++)
        {
            var text = new StringBuilder();
            for (var length = random.Next(1, 40); length > 0; length--)
            {
                text.Append(words[random.Next(words.Length)]);
            }

            Ends(text.ToString(), context, $"seed {seed}, round {round}");
        }
    }

    [Theory]
    [InlineData("{% for a in range(100000000) %}x{% endfor %}")]
    [InlineData("{% for a in range(99999) %}{% for b in range(99999) %}{% for c in range(99999) %}{% endfor %}{% endfor %}{% endfor %}")]
    [InlineData("{% for a in range(5, 0, 0.0000001) %}{% endfor %}{{ range(1e9) }}")]
    [InlineData("{% set ns = namespace(s='x') %}{% for i in range(100) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}")]
    [InlineData("{% set ns = namespace(s='x') %}{% for i in range(100) %}{% set ns.s = ns.s.replace('x', 'xxxxxxxx') %}{% endfor %}")]
    [InlineData("{% set ns = namespace(s='x') %}{% for i in range(100) %}{% set ns.s = ns.s.replace('', 'yyyyyyyy') %}{% endfor %}")]
    [InlineData("{% set ns = namespace(l=[1]) %}{% for i in range(100) %}{% set ns.l = ns.l + ns.l %}{% endfor %}")]
    [InlineData("{% set ns = namespace(l=[1]) %}{% for i in range(100) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}{{ ns.l }}")]
    [InlineData("{% set ns = namespace(l=[1]) %}{% for i in range(100000) %}{% set ns.l = [ns.l] %}{% endfor %}{{ ns.l | tojson }}")]
    [InlineData("{% set ns = namespace(l=[1]) %}{% for i in range(100000) %}{% set ns.l = [ns.l] %}{% endfor %}{{ 'a' ~ ns.l }}{{ ns.l == 'a' }}{{ [ns.l] | join }}")]
    [InlineData("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}")]
    [InlineData("{% macro m(n) %}{{ m(n + 1) }}{{ m(n + 1) }}{% endmacro %}{{ m(0) }}")]
    [InlineData("{% macro m() %}{% call m() %}{{ caller() }}{% endcall %}{% endmacro %}{% call m() %}x{% endcall %}")]
    [InlineData("{% macro m() %}{% break %}{% endmacro %}{% for a in range(99999) %}{% for b in range(99999) %}{{ m() }}{% endfor %}{% endfor %}")]
    [InlineData("{{ 'x' | indent(99999999) }}{{ 'x' | indent(1000) }}")]
    [InlineData("{% set ns = namespace(s='a\nb') %}{% for i in range(100) %}{% set ns.s = ns.s | indent(1000, true) %}{% endfor %}")]
    [InlineData("{{ [1] | tojson(indent=99999999) }}")]
    [InlineData("{% for i in range(1000) %}{{ range(1000) | join('xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx') | length }}{% endfor %}")]
    [InlineData("{% set ns = namespace(s='abcdefghij') %}{% for i in range(17) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}{% for i in range(999) %}{{ ns.s.split('') }}{{ ns.s | list | length }}{{ ns.s[::-1] | length }}{{ ns.s.split('a') | length }}{% endfor %}")]
    public void What_would_never_end_or_grow_is_ended(string template)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var clock = Stopwatch.StartNew();
        var written = TemplateCases.Try(template, TemplateCases.Read("snippets.json").GetProperty("context"));
        Assert.True(written.Length <= new TemplateLimits().Output, "longer than it may be");
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 2_500_000_000, $"{(GC.GetAllocatedBytesForCurrentThread() - before) / 1_000_000} MB allocated");
        Assert.True(clock.Elapsed < TimeSpan.FromMinutes(1), $"{clock.Elapsed}");
    }

    [Theory]
    [InlineData("(", 100_000)]
    [InlineData("[", 100_000)]
    [InlineData("{'a':", 50_000)]
    [InlineData("not ", 100_000)]
    [InlineData("- ", 100_000)]
    [InlineData("a if b else ", 50_000)]
    [InlineData("a + ", 50_000)]
    [InlineData("a.", 50_000)]
    [InlineData("a|", 50_000)]
    [InlineData("a[", 50_000)]
    [InlineData("a(", 50_000)]
    public void Deep_syntax_is_refused(string part, int times)
    {
        var text = string.Concat(Enumerable.Repeat(part, times)) + "a";
        Assert.ThrowsAny<TemplateException>(() => JinjaTemplate.Compile("{{ " + text + " }}"));
        Assert.ThrowsAny<TemplateException>(() => JinjaTemplate.Compile("{% if " + text + " %}x{% endif %}"));
    }

    [Theory]
    [InlineData("{% if a %}", "{% endif %}")]
    [InlineData("{% for a in b %}", "{% endfor %}")]
    [InlineData("{% macro a() %}", "{% endmacro %}")]
    [InlineData("{% set a %}", "{% endset %}")]
    [InlineData("{% if a %}{% elif b %}", "{% endif %}")]
    public void Deep_statements_are_refused(string open, string close)
    {
        Assert.ThrowsAny<TemplateException>(() => JinjaTemplate.Compile(string.Concat(Enumerable.Repeat(open, 20_000)) + string.Concat(Enumerable.Repeat(close, 20_000))));
        Assert.ThrowsAny<TemplateException>(() => JinjaTemplate.Compile("{% if a %}" + string.Concat(Enumerable.Repeat("{% elif b %}", 20_000)) + "{% endif %}"));
    }

    private static void Ends(string template, System.Text.Json.JsonElement context, string where)
    {
        try
        {
            TemplateCases.Render(template, context, Small);
        }
        catch (TemplateException)
        {
            // It said no.
        }
        catch (Exception other)
        {
            Assert.Fail($"{where}: {other.GetType().Name} {other.Message}\n{template}");
        }
    }
}
