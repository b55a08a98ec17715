using System.Diagnostics;

namespace HybridConversations.Cli.Tests.Commands;

/// <summary>What shells complete.</summary>
public sealed class CompletionCommandTests
{
    /// <summary>In a real bash, as it calls the function when somebody presses Tab.</summary>
    [Theory]
    [InlineData("hc ser", "serve")]
    [InlineData("hc keys a", "add")]
    [InlineData("hc serve --conte", "--context")]
    public async Task Bash_completes_commands_and_options(string line, string expected)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "hc.dll");
        var script = $$"""
            hc() { dotnet '{{program}}' "$@"; }
            source <(hc completion bash)
            COMP_LINE='{{line}}'; COMP_POINT=${#COMP_LINE}; COMP_WORDS=($COMP_LINE); COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            _hc_complete
            printf '%s\n' "${COMPREPLY[@]}"
            """;
        using var bash = Process.Start(new ProcessStartInfo("bash", ["-c", script]) { UseShellExecute = false, RedirectStandardOutput = true })!;
        var words = (await bash.StandardOutput.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        await bash.WaitForExitAsync();
        Assert.Contains(expected, words);
    }

    [Theory]
    [InlineData("zsh", "compdef _hc hc")]
    [InlineData("fish", "complete --command hc")]
    public async Task Zsh_and_fish_have_theirs(string shell, string holds)
    {
        var run = await HcProcess.Run("completion", shell);
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Contains(holds, run.Output);
    }

    [Fact]
    public async Task Another_shell_is_refused()
    {
        var run = await HcProcess.Run("completion", "tcsh");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("'tcsh'", Assert.Single(run.ErrorLines));
    }
}
