using System.CommandLine;

namespace HybridConversations.Cli.Commands;

/// <summary><c>hc completion SHELL</c>: what a shell wants in order to complete commands and options. The program itself says what fits (<c>hc "[suggest:N]" "LINE"</c>).</summary>
internal static class CompletionCommand
{
    private static readonly Dictionary<string, string> Scripts = new(StringComparer.Ordinal)
    {
        ["bash"] = """
            # hc completion for bash: source <(hc completion bash)
            _hc_complete() {
                local IFS=$'\n'
                COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
            }
            complete -o default -F _hc_complete hc
            """,
        ["zsh"] = """
            #compdef hc
            # hc completion for zsh: source <(hc completion zsh)
            _hc() {
                local -a found
                found=("${(@f)$("${words[1]}" "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
                compadd -- $found
            }
            compdef _hc hc
            """,
        ["fish"] = """
            # hc completion for fish: hc completion fish | source
            function __hc_complete
                set -l line (commandline --cut-at-cursor)
                hc "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
            end
            complete --command hc --arguments '(__hc_complete)'
            """,
    };

    public static Command Create()
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh or fish." };
        shell.Validators.Add(result =>
        {
            if (result.Tokens is [var token, ..] && !Scripts.ContainsKey(token.Value))
            {
                result.AddError($"'{token.Value}' is not allowed; allowed: {string.Join(", ", Scripts.Keys)}.");
            }
        });
        var command = new Command("completion", "Print what a shell wants in order to complete hc's commands: source <(hc completion bash)") { shell };
        command.SetAction(parsed =>
        {
            Console.Out.WriteLine(Scripts[parsed.GetValue(shell)!]);
            return ExitCodes.Success;
        });
        return command;
    }
}
