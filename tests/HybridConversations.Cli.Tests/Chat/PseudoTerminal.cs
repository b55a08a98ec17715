using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using HybridConversations.Tests.Common;

namespace HybridConversations.Cli.Tests.Chat;

/// <summary>The real program in a pseudo-terminal of 80 by 24, which util-linux's <c>script</c> makes: keys go in as a terminal sends them, and what is drawn comes out.</summary>
internal sealed partial class PseudoTerminal : IAsyncDisposable
{
    private const string Script = "/usr/bin/script";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private readonly StringBuilder _drawn = new();
    private readonly SemaphoreSlim _news = new(0);
    private int _seen;

    private PseudoTerminal(Process process)
    {
        _process = process;
        _ = Read();
    }

    /// <summary>Everything that was drawn, control sequences left out.</summary>
    public string Text
    {
        get
        {
            lock (_drawn)
            {
                return Control().Replace(_drawn.ToString(), "");
            }
        }
    }

    /// <summary>Everything that was drawn, as it came.</summary>
    public string Drawn
    {
        get
        {
            lock (_drawn)
            {
                return _drawn.ToString();
            }
        }
    }

    public static void SkipWithout() => Skip.If(!File.Exists(Script), $"{Script} is not here (apt-get install bsdutils).");

    public static PseudoTerminal Start(string home, string terminal, params string[] arguments)
    {
        var command = $"stty rows 24 cols 80; exec dotnet '{Path.Combine(AppContext.BaseDirectory, "hc.dll")}' {string.Join(' ', arguments.Select(argument => $"'{argument}'"))}";
        var start = InATerminal.Of(Script, ["-qfec", command, "/dev/null"]);
        (start.UseShellExecute, start.RedirectStandardInput, start.RedirectStandardOutput, start.WorkingDirectory) = (false, true, true, home);
        (start.StandardOutputEncoding, start.StandardInputEncoding) = (Encoding.UTF8, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("HC_", StringComparison.Ordinal) && name is not ("HC_BACKEND" or "HC_LLAMA_LIB")).ToList())
        {
            start.Environment.Remove(name);
        }

        (start.Environment["TERM"], start.Environment["XDG_DATA_HOME"], start.Environment["SHELL"]) = (terminal, home, "/bin/bash");
        return new PseudoTerminal(Process.Start(start)!);
    }

    public async Task Type(string keys)
    {
        await _process.StandardInput.WriteAsync(keys);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>Waits until something was drawn behind what was waited for before.</summary>
    public async Task Shows(string text)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            var drawn = Text;
            if (drawn.IndexOf(text, Math.Min(_seen, drawn.Length), StringComparison.Ordinal) is >= 0 and var at)
            {
                _seen = at + text.Length;
                return;
            }

            try
            {
                await _news.WaitAsync(limit.Token);
            }
            catch (OperationCanceledException patience)
            {
                throw new TimeoutException($"'{text}' was not drawn. What was: {drawn[Math.Min(_seen, drawn.Length)..]}", patience);
            }
        }
    }

    /// <summary>Its exit code.</summary>
    public async Task<int> Ended()
    {
        await _process.WaitForExitAsync().WaitAsync(Patience);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private async Task Read()
    {
        var buffer = new char[4096];
        while (await _process.StandardOutput.ReadAsync(buffer) is > 0 and var count)
        {
            lock (_drawn)
            {
                _drawn.Append(buffer, 0, count);
            }

            _news.Release();
        }
    }

    [GeneratedRegex(@"\e\[[0-9;?]*[a-zA-Z]|\e[=>]", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Control();
}
