using System.Globalization;

namespace HybridConversations.Inference.Models;

/// <summary>Types of metadata values, by their number in the file.</summary>
public enum GgufValueType
{
    /// <summary>8 bits.</summary>
    UInt8,

    /// <summary>8 bits, signed.</summary>
    Int8,

    /// <summary>16 bits.</summary>
    UInt16,

    /// <summary>16 bits, signed.</summary>
    Int16,

    /// <summary>32 bits.</summary>
    UInt32,

    /// <summary>32 bits, signed.</summary>
    Int32,

    /// <summary>32 bits, floating.</summary>
    Float32,

    /// <summary>One byte, 0 or 1.</summary>
    Boolean,

    /// <summary>UTF-8 with its length.</summary>
    String,

    /// <summary>A type, a count and as many values.</summary>
    Array,

    /// <summary>64 bits.</summary>
    UInt64,

    /// <summary>64 bits, signed.</summary>
    Int64,

    /// <summary>64 bits, floating.</summary>
    Float64,
}

/// <summary>One metadata value. Arrays (a vocabulary has hundreds of thousands of elements) are summed up, not kept.</summary>
/// <param name="Type">How the file stores it.</param>
/// <param name="Text">The string; null for other types.</param>
/// <param name="Number">The number or boolean (0 or 1); 64-bit integers beyond 2⁵³ lose their last digits. Null for other types.</param>
/// <param name="Array">The array's summary; null for other types.</param>
public sealed record GgufValue(GgufValueType Type, string? Text = null, double? Number = null, GgufArray? Array = null)
{
    /// <summary>The number as an integer; null when it is none, or does not fit 32 bits.</summary>
    public int? Integer => Type is not (GgufValueType.Float32 or GgufValueType.Float64 or GgufValueType.Boolean)
        && Number is >= int.MinValue and <= int.MaxValue ? (int)Number : null;

    /// <inheritdoc/>
    public override string ToString() => Text ?? Array?.ToString() ?? Number?.ToString(CultureInfo.InvariantCulture) ?? "";
}

/// <summary>What is kept of an array.</summary>
/// <param name="ElementType">Type of its elements; never <see cref="GgufValueType.Array"/>.</param>
/// <param name="Count">Number of elements.</param>
/// <param name="Minimum">Smallest number, or bytes of the shortest string.</param>
/// <param name="Maximum">Largest number, or bytes of the longest string.</param>
/// <param name="IsDistinct">No string is there twice, each read as a C string, up to its first NUL. False for numbers.</param>
/// <param name="Numbers">The numbers themselves where there are at most <see cref="MaxKeptNumbers"/>, e.g. one for each layer.</param>
public sealed record GgufArray(GgufValueType ElementType, int Count, double Minimum, double Maximum, bool IsDistinct, IReadOnlyList<double>? Numbers)
{
    /// <summary>Numbers of an array that are kept; of longer ones only the count.</summary>
    public const int MaxKeptNumbers = 1024;

    /// <inheritdoc/>
    public override string ToString() => $"{Count} × {ElementType}";
}
