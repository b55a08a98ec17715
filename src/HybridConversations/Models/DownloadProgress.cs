namespace HybridConversations.Models;

/// <summary>How far a pull has come.</summary>
/// <param name="Phase">What is being done.</param>
/// <param name="Bytes">Bytes that are here.</param>
/// <param name="TotalBytes">Bytes of the file; 0 while they are not known.</param>
/// <param name="Note">While waiting: why, and until when; else null.</param>
public readonly record struct DownloadProgress(DownloadPhase Phase, long Bytes, long TotalBytes, string? Note = null);

/// <summary>What a pull is doing.</summary>
public enum DownloadPhase
{
    /// <summary>Asking the hub for size and hash.</summary>
    Resolving,

    /// <summary>Reading what is already here, to know its hash.</summary>
    Checking,

    /// <summary>Bytes come in.</summary>
    Downloading,

    /// <summary>The connection broke; a new try comes.</summary>
    Waiting,

    /// <summary>The file is whole and checked.</summary>
    Done,
}

/// <summary>A model file that is here, whole and checked.</summary>
/// <param name="Path">Full path.</param>
/// <param name="Sha256">Lower-case hex.</param>
/// <param name="Bytes">Size.</param>
/// <param name="AlreadyThere">True when nothing had to be downloaded.</param>
public sealed record DownloadedModel(string Path, string Sha256, long Bytes, bool AlreadyThere);
