namespace HybridConversations.Inference.LlamaCpp;

/// <summary>The release of llama.cpp that a backend's structs belong to.</summary>
internal sealed record LlamaRelease
{
    /// <summary>For a person to read, e.g. <c>llama.cpp v0.5.0 (ggml 0.25.x)</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What <c>llama_version</c> says, a suffix aside; null for a release that has no such function.</summary>
    public required string? Llama { get; init; }

    /// <summary>Beginning of what <c>ggml_version</c> says.</summary>
    public required string Ggml { get; init; }

    /// <summary>ggml commit of the libraries that the backend was measured with.</summary>
    public required string MeasuredCommit { get; init; }

    public required LlamaStruct Model { get; init; }
    public required LlamaStruct Context { get; init; }

    /// <summary>What to do about a library of another release.</summary>
    public required string Advice { get; init; }
}

/// <summary>Size and default values of a parameter struct.</summary>
internal sealed record LlamaStruct(int Size, IReadOnlyList<LlamaMember> Members);

/// <summary>A member that tells layouts apart by its default value.</summary>
internal readonly record struct LlamaMember(string Name, int Offset, int Value, uint Mask = uint.MaxValue)
{
    public static LlamaMember Float(string name, int offset, float value) => new(name, offset, BitConverter.SingleToInt32Bits(value));

    public static IEnumerable<LlamaMember> Pointers(params int[] offsets) =>
        offsets.SelectMany(offset => new LlamaMember[] { new("(pointer, low half)", offset, 0), new("(pointer, high half)", offset + 4, 0) });
}
