namespace HybridConversations.Inference.Models;

/// <summary>Does a model fit into the memory that this process may have? Asked before anything of it is read.</summary>
internal static class ModelMemory
{
    private const double Mebi = 1 << 20;

    /// <summary>What is wrong, in one sentence; null when it fits, or when there is no limit.</summary>
    /// <param name="file">The model.</param>
    /// <param name="cells">Tokens of KV memory.</param>
    /// <param name="bytesPerNumber">Of a key's or value's number, e.g. 2.</param>
    /// <param name="used">Bytes that the process uses already.</param>
    /// <param name="limit">Bytes that it may use; null for no limit.</param>
    public static string? Fault(GgufFile file, int cells, double bytesPerNumber, long used, long? limit)
    {
        var kv = (long)(cells * NumbersPerToken(file) * bytesPerNumber);
        return limit is not { } most || file.WeightBytes + kv + used <= most ? null
            : $"{file.Path} needs {file.WeightBytes / Mebi:0} MiB for its weights and {kv / Mebi:0} MiB for {cells} tokens of KV memory, beside {used / Mebi:0} MiB that this process has already, and its cgroup allows "
            + $"{most / Mebi:0} MiB in all (memory.max). Raise that limit (MemoryMax= of a systemd unit, --memory of a container), or choose a smaller model or --context.";
    }

    /// <summary>Keys and values of a token in all layers; 0 where the file does not say it in plain numbers.</summary>
    private static long NumbersPerToken(GgufFile file)
    {
        if (file.Number("block_count") is not { } layers || file.Number("attention.head_count") is not { } heads || file.Number("embedding_length") is not { } width)
        {
            return 0;
        }

        var shared = file.Number("attention.head_count_kv") ?? heads;
        var perHead = width / Math.Max(1, heads);
        var (key, value) = (file.Number("attention.key_length") ?? perHead, file.Number("attention.value_length") ?? perHead);
        return (long)layers * shared * (key + value);
    }
}
