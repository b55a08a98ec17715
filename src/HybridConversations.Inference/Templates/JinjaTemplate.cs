using HybridConversations.Inference.Templates.Nodes;
using HybridConversations.Inference.Templates.Runtime;
using HybridConversations.Inference.Templates.Syntax;

namespace HybridConversations.Inference.Templates;

/// <summary>
/// A chat template in the part of Jinja that chat templates use, compiled once. Follows <c>@huggingface/jinja</c> 0.5 to the byte, where it deviates from Python's Jinja
/// too (see docs/templates.md); what that refuses and Python's Jinja knows is understood where models need it. Sandboxed: it sees what it is given and nothing else,
/// and every rendering is bounded by <see cref="TemplateLimits"/>. Thread-safe.
/// </summary>
internal sealed class JinjaTemplate
{
    private readonly Block _body;
    private readonly TemplateLimits _limits;

    private JinjaTemplate(Block body, TemplateLimits limits) => (_body, _limits) = (body, limits);

    /// <exception cref="TemplateException">It is no Jinja, or more than may be read.</exception>
    public static JinjaTemplate Compile(string source, TemplateLimits? limits = null)
    {
        if (source.Length > TemplateLimits.MaxSource)
        {
            throw new TemplateException($"The template has {source.Length} characters; at most {TemplateLimits.MaxSource} are read.", TemplateFault.Limit);
        }

        return new JinjaTemplate(new Parser(Lexer.Read(TemplateSource.Prepare(source))).ParseTemplate(), limits ?? new TemplateLimits());
    }

    /// <param name="variables">What the template sees by name.</param>
    /// <param name="now">What <c>strftime_now</c> writes.</param>
    /// <exception cref="TemplateException">It refuses, fails, or asks for too much.</exception>
    public string Render(IEnumerable<KeyValuePair<string, Value>> variables, DateTimeOffset now)
    {
        var rendering = new Rendering(_limits, now);
        var scope = new Scope(rendering);
        foreach (var (name, value) in Globals.All)
        {
            scope.Set(name, value);
        }

        foreach (var (name, value) in variables)
        {
            scope.Set(name, value);
        }

        try
        {
            if (_body.Execute(scope) != Flow.Next)
            {
                throw Fail.Evaluation("break and continue belong into a loop");
            }
        }
        catch (LoopControlException)
        {
            throw Fail.Evaluation("break and continue belong into a loop");
        }

        return rendering.Output.ToString();
    }
}
