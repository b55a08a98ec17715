namespace HybridConversations.Inference.Scheduling;

/// <summary>
/// Milliseconds of a step as <c>base + perDecodeRow × rows + perPrefillToken × tokens</c>, fitted online by recursive least squares with forgetting
/// (Haykin, Adaptive Filter Theory, ch. 10), so that it follows a device that throttles or speeds up.
/// </summary>
internal sealed class StepCostModel
{
    private const double Forgetting = 0.99;
    private const double MaxTrace = 1000;
    private readonly double[] _weights = [5, 1, 1];
    private readonly double[,] _covariance = { { 100, 0, 0 }, { 0, 10, 0 }, { 0, 0, 1 } };

    public int Samples { get; private set; }
    public double BaseMs => Math.Max(0, _weights[0]);
    public double DecodeRowMs => Math.Max(0, _weights[1]);

    /// <summary>Never zero: a budget is divided by it.</summary>
    public double PrefillTokenMs => Math.Max(0.001, _weights[2]);

    public double StepMs(int decodeRows, int prefillTokens) => BaseMs + (DecodeRowMs * decodeRows) + (PrefillTokenMs * prefillTokens);

    /// <summary>Learns from a finished step.</summary>
    public void Observe(int decodeRows, int prefillTokens, double elapsedMs)
    {
        // A step interrupted by the machine (suspended, paged out) teaches nothing about the model.
        if (Samples > 20 && elapsedMs > 20 * StepMs(decodeRows, prefillTokens))
        {
            return;
        }

        Samples++;
        Span<double> x = [1, decodeRows, prefillTokens];
        Span<double> px = stackalloc double[3];
        var denominator = Forgetting;
        for (var i = 0; i < 3; i++)
        {
            for (var j = 0; j < 3; j++)
            {
                px[i] += _covariance[i, j] * x[j];
            }

            denominator += x[i] * px[i];
        }

        var error = elapsedMs - ((_weights[0] * x[0]) + (_weights[1] * x[1]) + (_weights[2] * x[2]));
        for (var i = 0; i < 3; i++)
        {
            _weights[i] += px[i] / denominator * error;
        }

        // Without new kinds of steps forgetting would let the covariance grow for ever, and the next new kind would throw the fit away.
        var trace = _covariance[0, 0] + _covariance[1, 1] + _covariance[2, 2];
        var forgetting = trace < MaxTrace ? Forgetting : 1;
        for (var i = 0; i < 3; i++)
        {
            for (var j = 0; j < 3; j++)
            {
                _covariance[i, j] = (_covariance[i, j] - (px[i] * px[j] / denominator)) / forgetting;
            }
        }
    }
}
