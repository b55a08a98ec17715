using System.Globalization;
using System.Runtime.InteropServices;

namespace HybridConversations.Simulation.Planning;

/// <summary>A predicted value with the interval in which nine of ten measurements should lie.</summary>
/// <param name="Value">The likeliest.</param>
/// <param name="Low">One of twenty is below.</param>
/// <param name="High">One of twenty is above.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Estimate(double Value, double Low, double High)
{
    private const double NineOfTen = 1.645;

    /// <summary>Of a value whose logarithm has a standard deviation.</summary>
    public static Estimate Of(double value, double deviation) => new(value, value * Math.Exp(-NineOfTen * deviation), value * Math.Exp(NineOfTen * deviation));

    /// <summary>A rate for a time, and the other way round.</summary>
    /// <param name="numerator">What is divided by the value.</param>
    public Estimate Inverse(double numerator) => new(numerator / Value, numerator / High, numerator / Low);

    public Estimate Times(double factor) => new(Value * factor, Low * factor, High * factor);

    public Estimate Plus(Estimate other) => new(Value + other.Value, Low + other.Low, High + other.High);

    public bool Contains(double value) => value >= Low && value <= High;

    public override string ToString() => ToString(Digits(Value));

    /// <summary>E.g. <c>27.2 (23.9–30.9)</c>.</summary>
    public string ToString(string format) => string.Create(CultureInfo.InvariantCulture, $"{Value.ToString(format, CultureInfo.InvariantCulture)} ({Low.ToString(format, CultureInfo.InvariantCulture)}–{High.ToString(format, CultureInfo.InvariantCulture)})");

    private static string Digits(double value) => Math.Abs(value) >= 100 ? "0" : Math.Abs(value) >= 1 ? "0.0" : "0.00";
}
