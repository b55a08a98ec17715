using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace HybridConversations.Routing;

/// <summary>
/// Logistic regression over <see cref="FeatureReader"/>'s features with eight-bit weights: p = 1 / (1 + e^-(slope · (Σ wᵢvᵢ / √Σ vᵢ²) + offset)), where slope
/// and offset go with the share of the words that the classifier does not know: the more of them, the nearer p is to what is known of requests in general.
/// Immutable and thread-safe; evaluating one allocates nothing.
/// </summary>
internal sealed class LinearClassifier
{
    private const uint Magic = 0x34574348; // "HCW4"
    private const int HeaderBytes = 32;

    private readonly sbyte[] _weights;
    private readonly float _step;

    public LinearClassifier(Reading reading, sbyte[] weights, float step, WordKnowledge knowledge, Calibration calibration, LanguageOffsets? offsets = null)
    {
        Offsets = offsets ?? LanguageOffsets.None;
        Reading = reading;
        _weights = weights;
        _step = step;
        Knowledge = knowledge;
        Calibration = calibration;
    }

    public Reading Reading { get; }

    /// <summary>What is added to the log-odds by language.</summary>
    public LanguageOffsets Offsets { get; }

    /// <summary>The words that it was taught.</summary>
    public WordKnowledge Knowledge { get; }

    public Calibration Calibration { get; }

    /// <summary>What the words say; probability 0 without words.</summary>
    /// <param name="words">What was said.</param>
    /// <param name="prior">Log-odds known from elsewhere, added to what the words say.</param>
    public Judgement Judge(scoped in WordList words, double prior = 0)
    {
        if (words.Count == 0)
        {
            return new Judgement(0, 1);
        }

        Span<uint> seen = stackalloc uint[FeatureSet.Scratch];
        var sum = new Sum(_weights);
        var known = FeatureReader.Read(words, Reading, Knowledge, seen, ref sum);
        return new Judgement(Sigmoid(Calibration.LogOdds(_step * sum.Weighted / Math.Sqrt(sum.Squares), known) + Offsets.Of(words) + prior), known);
    }

    /// <summary>Adds to each word what it gave to the log-odds; a pair's part is shared by its two words.</summary>
    /// <returns>The log-odds before any word is read.</returns>
    public double Attribute(scoped in WordList words, Span<double> contributions)
    {
        contributions.Clear();
        if (words.Count == 0)
        {
            return Calibration.Offset;
        }

        Span<uint> seen = stackalloc uint[FeatureSet.Scratch];
        var shares = new Shares(_weights, contributions);
        var known = FeatureReader.Read(words, Reading, Knowledge, seen, ref shares);
        var factor = Calibration.SlopeAt(known) * _step / Math.Sqrt(shares.Squares);
        foreach (ref var contribution in contributions)
        {
            contribution *= factor;
        }

        return Calibration.OffsetAt(known) + Offsets.Of(words);
    }

    /// <summary>Quantises trained weights to eight bits.</summary>
    public static LinearClassifier Quantise(Reading reading, ReadOnlySpan<float> weights, WordKnowledge knowledge, Calibration calibration, LanguageOffsets? offsets = null)
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

        return new LinearClassifier(reading, quantised, step, knowledge, calibration, offsets);
    }

    /// <summary>Layout, little-endian: magic, bucket count, step, the four numbers of the calibration, the reading, one signed byte a bucket, a bit a known word, the offsets of languages.</summary>
    public void Write(Stream stream)
    {
        Span<byte> header = stackalloc byte[HeaderBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(header, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], _weights.Length);
        BinaryPrimitives.WriteSingleLittleEndian(header[8..], _step);
        BinaryPrimitives.WriteSingleLittleEndian(header[12..], Calibration.Slope);
        BinaryPrimitives.WriteSingleLittleEndian(header[16..], Calibration.Offset);
        BinaryPrimitives.WriteSingleLittleEndian(header[20..], Calibration.SlopeOfDoubt);
        BinaryPrimitives.WriteSingleLittleEndian(header[24..], Calibration.OffsetOfDoubt);
        BinaryPrimitives.WriteInt32LittleEndian(header[28..], (int)Reading);
        stream.Write(header);
        stream.Write(MemoryMarshal.AsBytes<sbyte>(_weights));
        Knowledge.Write(stream);
        Offsets.Write(stream);
    }

    /// <exception cref="InvalidDataException">The stream holds something else, or is cut.</exception>
    public static LinearClassifier Read(Stream stream, string name)
    {
        Span<byte> header = stackalloc byte[HeaderBytes];
        var weights = new sbyte[FeatureReader.Buckets];
        WordKnowledge knowledge;
        LanguageOffsets offsets;
        try
        {
            stream.ReadExactly(header);
            if (BinaryPrimitives.ReadUInt32LittleEndian(header) != Magic || BinaryPrimitives.ReadInt32LittleEndian(header[4..]) != weights.Length
                || !Enum.IsDefined((Reading)BinaryPrimitives.ReadInt32LittleEndian(header[28..])))
            {
                throw new InvalidDataException($"{name} holds no router weights of {weights.Length:N0} buckets. Train them again with tools/train-router.");
            }

            stream.ReadExactly(MemoryMarshal.AsBytes(weights.AsSpan()));
            knowledge = WordKnowledge.Read(stream);
            offsets = LanguageOffsets.Read(stream);
        }
        catch (EndOfStreamException exception)
        {
            throw new InvalidDataException($"{name} is cut short. Train the router's weights again with tools/train-router.", exception);
        }

        return new LinearClassifier(
            (Reading)BinaryPrimitives.ReadInt32LittleEndian(header[28..]),
            weights,
            BinaryPrimitives.ReadSingleLittleEndian(header[8..]),
            knowledge,
            new Calibration(
                BinaryPrimitives.ReadSingleLittleEndian(header[12..]),
                BinaryPrimitives.ReadSingleLittleEndian(header[16..]),
                BinaryPrimitives.ReadSingleLittleEndian(header[20..]),
                BinaryPrimitives.ReadSingleLittleEndian(header[24..])),
            offsets);
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
