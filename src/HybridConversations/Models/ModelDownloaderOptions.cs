using System.Globalization;

namespace HybridConversations.Models;

/// <summary>How models are pulled. Not a record: printing it must not print the token.</summary>
public sealed class ModelDownloaderOptions
{
    /// <summary>The hub's address; <c>HF_ENDPOINT</c>, else https://huggingface.co.</summary>
    public Uri Endpoint { get; init; } = new("https://huggingface.co");

    /// <summary>Access token for gated and private models; <c>HF_TOKEN</c>. Goes to <see cref="Endpoint"/> only, never where it redirects to.</summary>
    public string? Token { get; init; }

    /// <summary>A connection that brings less than <see cref="MinimumBytes"/> in this time is given up and tried again.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>See <see cref="StallTimeout"/>.</summary>
    public int MinimumBytes { get; init; } = 4096;

    /// <summary>Tries in a row that bring nothing new before the pull fails.</summary>
    public int FutileTries { get; init; } = 6;

    /// <summary>Wait after the first futile try; doubles with each, and half of it is random.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait, also where the server asks for a longer one.</summary>
    public TimeSpan MaxRetryDelay { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Now.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Seed of the random part of waits.</summary>
    public int Seed { get; init; } = Environment.ProcessId;

    /// <summary>The shortest time between two reports of progress in one phase.</summary>
    internal TimeSpan ReportEvery { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Free bytes on a folder's disk.</summary>
    internal Func<string, long> FreeSpace { get; init; } = folder => new DriveInfo(folder).AvailableFreeSpace;

    /// <summary>Options from <c>HF_ENDPOINT</c> and <c>HF_TOKEN</c>.</summary>
    /// <exception cref="ProblemException">HF_ENDPOINT is no address.</exception>
    public static ModelDownloaderOptions FromEnvironment() => From(Environment.GetEnvironmentVariable);

    internal static ModelDownloaderOptions From(Func<string, string?> environment)
    {
        var endpoint = environment("HF_ENDPOINT") is { Length: > 0 } text ? text : "https://huggingface.co";
        return Uri.TryCreate(endpoint, UriKind.Absolute, out var address)
            ? new ModelDownloaderOptions { Endpoint = address, Token = environment("HF_TOKEN") is { Length: > 0 } token ? token.Trim() : null }
            : throw new ProblemException(ProblemCodes.InvalidRequest($"HF_ENDPOINT is '{endpoint}'; an address such as https://huggingface.co is needed."));
    }

    /// <summary>Without the token.</summary>
    public override string ToString() => $"{Endpoint}, token {(Token is null ? "not set" : "set")}";

    internal void Validate()
    {
        var errors = new List<string>();
        if (Endpoint.Scheme is not ("http" or "https") || Endpoint.UserInfo.Length > 0 || Endpoint.Query.Length > 0)
        {
            errors.Add($"Endpoint (HF_ENDPOINT) is '{Endpoint}'; an http or https address without user and query is needed");
        }
        else if (Endpoint.Scheme == "http" && Token is not null && !Endpoint.IsLoopback)
        {
            errors.Add($"Endpoint (HF_ENDPOINT) is '{Endpoint}', over which Token (HF_TOKEN) would travel unprotected; use https or unset HF_TOKEN");
        }

        if (Token?.Any(c => c is <= ' ' or > '~') == true)
        {
            errors.Add("Token (HF_TOKEN) holds a blank or a character that no token has");
        }

        Check(errors, StallTimeout > TimeSpan.Zero && StallTimeout <= TimeSpan.FromHours(1), nameof(StallTimeout), StallTimeout, "up to an hour");
        Check(errors, MinimumBytes is >= 1 and <= 1_000_000_000, nameof(MinimumBytes), MinimumBytes, "1 to 1000000000");
        Check(errors, FutileTries is >= 1 and <= 100, nameof(FutileTries), FutileTries, "1 to 100");
        Check(errors, RetryDelay >= TimeSpan.Zero && RetryDelay <= MaxRetryDelay, nameof(RetryDelay), RetryDelay, $"0 to MaxRetryDelay ({MaxRetryDelay})");
        Check(errors, MaxRetryDelay <= TimeSpan.FromHours(1), nameof(MaxRetryDelay), MaxRetryDelay, "up to an hour");
        if (errors.Count > 0)
        {
            throw new ProblemException(ProblemCodes.InvalidRequest(string.Join("; ", errors) + "."));
        }
    }

    private static void Check(List<string> errors, bool fine, string key, IFormattable value, string allowed)
    {
        if (!fine)
        {
            errors.Add($"{key} is {value.ToString(null, CultureInfo.InvariantCulture)}; {allowed} is allowed");
        }
    }
}
