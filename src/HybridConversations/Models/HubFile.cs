namespace HybridConversations.Models;

/// <summary>A file as the hub describes it.</summary>
/// <param name="Source">What was asked for.</param>
/// <param name="Revision">The commit it was found at, or the revision that was asked for where the hub does not tell.</param>
/// <param name="Sha256">Lower-case hex.</param>
/// <param name="Bytes">Size.</param>
internal sealed record HubFile(ModelSource Source, string Revision, string Sha256, long Bytes);
