namespace HybridConversations.Simulation.Fitting;

/// <summary>
/// Fits positive parameters of a formula to measured values, all in logarithms, so that an error of a tenth counts the same everywhere. What is believed before is part of
/// the fit (maximum a posteriori, Gauss-Newton), outliers count less (Cauchy's weights), and the spread of a prediction comes from the curvature at the optimum (Laplace's
/// approximation) and the spread of measurements: where no figure speaks it is as wide as the belief.
/// </summary>
/// <typeparam name="T">What is measured.</typeparam>
internal sealed class LogFit<T>
{
    private const int Rounds = 25;
    private const double Step = 1e-4;
    private const double OutlierAt = 2.5;
    private readonly Func<T, IEnumerable<FitParameter>> _needs;
    private readonly Func<T, Func<string, double>, double> _formula;
    private readonly Func<T, double> _noise;
    private readonly List<FitParameter> _parameters = [];
    private readonly Dictionary<string, int> _index = new(StringComparer.Ordinal);
    private readonly double[] _values;
    private readonly double[,] _curvature;

    /// <param name="samples">What was measured, and the value.</param>
    /// <param name="needs">The parameters that the formula asks for.</param>
    /// <param name="formula">The value of a sample by its parameters' values.</param>
    /// <param name="noise">Standard deviation of a measurement's logarithm.</param>
    public LogFit(IReadOnlyCollection<(T Sample, double Value)> samples, Func<T, IEnumerable<FitParameter>> needs, Func<T, Func<string, double>, double> formula, Func<T, double> noise)
    {
        (_needs, _formula, _noise) = (needs, formula, noise);
        foreach (var parameter in samples.SelectMany(sample => needs(sample.Sample)))
        {
            if (_index.TryAdd(parameter.Name, _parameters.Count))
            {
                _parameters.Add(parameter);
            }
        }

        _values = [.. _parameters.Select(parameter => parameter.Mean)];
        _curvature = new double[_values.Length, _values.Length];
        for (var round = 0; round < Rounds; round++)
        {
            Improve(samples, trustsAll: round < Rounds / 2); // nobody is an outlier of a formula that does not fit yet
        }
    }

    /// <summary>Fitted values by name.</summary>
    public IReadOnlyDictionary<string, double> Values => _parameters.Select((parameter, i) => (parameter.Name, Value: Math.Exp(_values[i]))).ToDictionary(p => p.Name, p => p.Value);

    /// <summary>The value of a sample, and the standard deviation of a measurement of it, in logarithms.</summary>
    public (double Value, double Deviation) Predict(T sample)
    {
        var unseen = _needs(sample).Where(parameter => !_index.ContainsKey(parameter.Name)).ToDictionary(parameter => parameter.Name);
        var value = Log(sample, unseen, null, 0);
        var gradient = new double[_values.Length];
        for (var i = 0; i < gradient.Length; i++)
        {
            gradient[i] = (Log(sample, unseen, _parameters[i].Name, Step) - value) / Step;
        }

        var variance = Math.Pow(_noise(sample), 2);
        var solved = LinearSystem.Solve((double[,])_curvature.Clone(), [.. gradient]);
        for (var i = 0; i < gradient.Length; i++)
        {
            variance += gradient[i] * solved[i];
        }

        foreach (var parameter in unseen.Values)
        {
            var slope = (Log(sample, unseen, parameter.Name, Step) - value) / Step;
            variance += slope * slope * parameter.Deviation * parameter.Deviation;
        }

        return (Math.Exp(value), Math.Sqrt(variance));
    }

    private double Log(T sample, Dictionary<string, FitParameter> unseen, string? moved, double by) => Math.Log(_formula(
        sample, name => Math.Exp((_index.TryGetValue(name, out var i) ? _values[i] : unseen[name].Mean) + (name == moved ? by : 0))));

    private void Improve(IReadOnlyCollection<(T Sample, double Value)> samples, bool trustsAll)
    {
        var none = new Dictionary<string, FitParameter>();
        Array.Clear(_curvature);
        var right = new double[_values.Length];
        for (var i = 0; i < right.Length; i++)
        {
            var weight = 1 / (_parameters[i].Deviation * _parameters[i].Deviation);
            _curvature[i, i] = weight;
            right[i] = weight * (_parameters[i].Mean - _values[i]);
        }

        foreach (var (sample, measured) in samples)
        {
            var predicted = Log(sample, none, null, 0);
            var residual = Math.Log(measured) - predicted;
            var names = _needs(sample).Select(parameter => _index[parameter.Name]).Distinct().ToArray();
            var slopes = Array.ConvertAll(names, i => (Log(sample, none, _parameters[i].Name, Step) - predicted) / Step);
            var noise = _noise(sample);
            var weight = 1 / (noise * noise * (trustsAll ? 1 : 1 + Math.Pow(residual / noise / OutlierAt, 2)));
            for (var a = 0; a < names.Length; a++)
            {
                right[names[a]] += weight * slopes[a] * residual;
                for (var b = 0; b < names.Length; b++)
                {
                    _curvature[names[a], names[b]] += weight * slopes[a] * slopes[b];
                }
            }
        }

        var change = LinearSystem.Solve((double[,])_curvature.Clone(), right);
        for (var i = 0; i < change.Length; i++)
        {
            _values[i] += Math.Clamp(change[i], -0.7, 0.7); // the formula is not linear: no leap beyond a doubling
        }
    }
}
