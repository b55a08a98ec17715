namespace HybridConversations.Storage;

/// <summary>Another process holds a file that only one may.</summary>
/// <param name="path">The file.</param>
/// <param name="holder">Process id; null where it did not say.</param>
/// <param name="inner">What the system said.</param>
internal sealed class FileInUseException(string path, int? holder, Exception inner) : IOException($"{path} is in use{By(holder)}.", inner)
{
    /// <summary>" by process 12", or nothing.</summary>
    public string ByWhom { get; } = By(holder);

    private static string By(int? holder) => holder is { } id ? $" by process {id}" : "";
}
