using System.Buffers.Binary;

namespace HybridConversations.Routing;

/// <summary>
/// Logistic regression over <see cref="FeatureReader"/>'s features with eight-bit weights: p = 1 / (1 + e^-(slope · (Σ wᵢvᵢ / √Σ vᵢ²) + offset)).
/// Immutable and thread-safe; evaluating one allocates nothing.
/// </summary>
internal sealed class LinearClassifier
{
    private const uint Magic = 0x31574348; // "HCW1"
    private const int HeaderBytes = 20;

    private readonly sbyte[] _weights;
    private readonly float _step;

    public LinearClassifier(sbyte[] weights, float step, float slope, float offset)
    {
        _weights = weights;
        _step = step;
        Slope = slope;
        Offset = offset;
    }

    /// <summary>Of the calibration (Platt scaling).</summary>
    public float Slope { get; }

    public float Offset { get; }

    /// <summary>The probability, 0 to 1; 0 without words.</summary>
    /// <param name="words">What was said.</param>
    /// <param name="prior">Log-odds known from elsewhere, added to what the words say.</param>
    public double Probability(scoped in WordList words, double prior = 0)
    {
        if (words.Count == 0)
        {
            return 0;
        }

        Span<uint> seen = stackalloc uint[FeatureSet.Scratch];
        var sum = new Sum(_weights);
        FeatureReader.Read(words, seen, ref sum);
        return Sigmoid((Slope * _step * sum.Weighted / Math.Sqrt(sum.Squares)) + Offset + prior);
    }

    /// <summary>Adds to each word what it gave to the log-odds; a pair's part is shared by its two words.</summary>
    public void Attribute(scoped in WordList words, Span<double> contributions)
    {
        contributions.Clear();
        if (words.Count == 0)
        {
            return;
        }

        Span<uint> seen = stackalloc uint[FeatureSet.Scratch];
        var shares = new Shares(_weights, contributions);
        FeatureReader.Read(words, seen, ref shares);
        var factor = Slope * _step / Math.Sqrt(shares.Squares);
        foreach (ref var contribution in contributions)
        {
            contribution *= factor;
        }
    }

    /// <summary>Quantises trained weights to eight bits.</summary>
    public static LinearClassifier Quantise(ReadOnlySpan<float> weights, float slope, float offset)
    {
        var largest = 0f;
        foreach (var weight in weights)
        {
            largest = Math.Max(largest, Math.Abs(weight));
        }

        var step = largest == 0 ? 1 : largest / sbyte.MaxValue;
        var quantised = new sbyte[weights.Length];
        for (var i = 0; i < weights.Length; i++)
        {
            quantised[i] = (sbyte)Math.Round(weights[i] / step);
        }

        return new LinearClassifier(quantised, step, slope, offset);
    }

    /// <summary>Layout, little-endian: magic, bucket count, step, slope, offset, one signed byte a bucket.</summary>
    public void Write(Stream stream)
    {
        Span<byte> header = stackalloc byte[HeaderBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(header, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], _weights.Length);
        BinaryPrimitives.WriteSingleLittleEndian(header[8..], _step);
        BinaryPrimitives.WriteSingleLittleEndian(header[12..], Slope);
        BinaryPrimitives.WriteSingleLittleEndian(header[16..], Offset);
        stream.Write(header);
        stream.Write(System.Runtime.InteropServices.MemoryMarshal.AsBytes<sbyte>(_weights));
    }

    /// <exception cref="InvalidDataException">The stream holds something else, or is cut.</exception>
    public static LinearClassifier Read(Stream stream, string name)
    {
        Span<byte> header = stackalloc byte[HeaderBytes];
        var weights = new sbyte[FeatureReader.Buckets];
        try
        {
            stream.ReadExactly(header);
            if (BinaryPrimitives.ReadUInt32LittleEndian(header) != Magic || BinaryPrimitives.ReadInt32LittleEndian(header[4..]) != weights.Length)
            {
                throw new InvalidDataException($"{name} holds no router weights of {weights.Length:N0} buckets. Train them again with tools/train-router.");
            }

            stream.ReadExactly(System.Runtime.InteropServices.MemoryMarshal.AsBytes(weights.AsSpan()));
        }
        catch (EndOfStreamException exception)
        {
            throw new InvalidDataException($"{name} is cut short. Train the router's weights again with tools/train-router.", exception);
        }

        return new LinearClassifier(
            weights,
            BinaryPrimitives.ReadSingleLittleEndian(header[8..]),
            BinaryPrimitives.ReadSingleLittleEndian(header[12..]),
            BinaryPrimitives.ReadSingleLittleEndian(header[16..]));
    }

    private static double Sigmoid(double logOdds) => 1 / (1 + Math.Exp(-logOdds));

    private ref struct Sum(ReadOnlySpan<sbyte> weights) : IFeatureSink
    {
        private readonly ReadOnlySpan<sbyte> _weights = weights;
        public float Weighted;
        public float Squares;

        public void Add(int bucket, float value, int first, int second)
        {
            Weighted += _weights[bucket] * value;
            Squares += value * value;
        }
    }

    private ref struct Shares(ReadOnlySpan<sbyte> weights, Span<double> contributions) : IFeatureSink
    {
        private readonly ReadOnlySpan<sbyte> _weights = weights;
        private readonly Span<double> _contributions = contributions;
        public float Squares;

        public void Add(int bucket, float value, int first, int second)
        {
            var half = _weights[bucket] * value / 2;
            _contributions[first] += half;
            _contributions[second] += half;
            Squares += value * value;
        }
    }
}
