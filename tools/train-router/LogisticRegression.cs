namespace TrainRouter;

/// <summary>
/// L2-regularised logistic regression, minimised by L-BFGS (Nocedal and Wright, Numerical Optimization, algorithm 7.4, with a backtracking
/// line search). No randomness: the same vectors in the same order give the same weights on one machine.
/// </summary>
internal static class LogisticRegression
{
    private const int Memory = 10;

    /// <param name="vectors">The requests.</param>
    /// <param name="labels">True: cloud.</param>
    /// <param name="importance">Weight of each request in the loss.</param>
    /// <param name="dimensions">Buckets; one more weight is the intercept, which is not penalised.</param>
    /// <param name="penalty">λ of λ/2·|w|² against the mean loss.</param>
    /// <param name="iterations">At most so many.</param>
    /// <returns>The weights, the intercept last.</returns>
    public static float[] Fit(IReadOnlyList<FeatureVector> vectors, IReadOnlyList<bool> labels, IReadOnlyList<float> importance, int dimensions, double penalty, int iterations = 120)
    {
        var weights = new float[dimensions + 1];
        var gradient = new float[dimensions + 1];
        var candidate = new float[dimensions + 1];
        var nextGradient = new float[dimensions + 1];
        var history = new List<(float[] Step, float[] Change, double Curvature)>();
        var loss = Loss(vectors, labels, importance, weights, gradient, penalty);
        for (var iteration = 0; iteration < iterations; iteration++)
        {
            var direction = Direction(gradient, history);
            var slope = Dot(direction, gradient);
            var length = history.Count == 0 ? 1 / Math.Max(1e-9, Math.Sqrt(Dot(gradient, gradient))) : 1;
            double next;
            while (true)
            {
                for (var i = 0; i < weights.Length; i++)
                {
                    candidate[i] = weights[i] + (float)(length * direction[i]);
                }

                next = Loss(vectors, labels, importance, candidate, nextGradient, penalty);
                if (next <= loss + (1e-4 * length * slope) || length < 1e-10)
                {
                    break;
                }

                length /= 2;
            }

            var step = new float[weights.Length];
            var change = new float[weights.Length];
            for (var i = 0; i < weights.Length; i++)
            {
                step[i] = candidate[i] - weights[i];
                change[i] = nextGradient[i] - gradient[i];
            }

            (weights, candidate) = (candidate, weights);
            (gradient, nextGradient) = (nextGradient, gradient);
            var improvement = loss - next;
            loss = next;
            var curvature = Dot(step, change);
            if (curvature > 1e-12)
            {
                history.Add((step, change, curvature));
                if (history.Count > Memory)
                {
                    history.RemoveAt(0);
                }
            }

            if (improvement < 1e-6 * loss)
            {
                break;
            }
        }

        return weights;
    }

    private static float[] Direction(float[] gradient, List<(float[] Step, float[] Change, double Curvature)> history)
    {
        var direction = new float[gradient.Length];
        for (var i = 0; i < gradient.Length; i++)
        {
            direction[i] = -gradient[i];
        }

        var alphas = new double[history.Count];
        for (var h = history.Count - 1; h >= 0; h--)
        {
            alphas[h] = Dot(history[h].Step, direction) / history[h].Curvature;
            AddScaled(direction, history[h].Change, -alphas[h]);
        }

        if (history.Count > 0)
        {
            var scale = (float)(history[^1].Curvature / Dot(history[^1].Change, history[^1].Change));
            for (var i = 0; i < direction.Length; i++)
            {
                direction[i] *= scale;
            }
        }

        for (var h = 0; h < history.Count; h++)
        {
            var beta = Dot(history[h].Change, direction) / history[h].Curvature;
            AddScaled(direction, history[h].Step, alphas[h] - beta);
        }

        return direction;
    }

    private static double Loss(IReadOnlyList<FeatureVector> vectors, IReadOnlyList<bool> labels, IReadOnlyList<float> importance, float[] weights, float[] gradient, double penalty)
    {
        Array.Clear(gradient);
        var intercept = weights.Length - 1;
        double loss = 0, total = 0;
        for (var n = 0; n < vectors.Count; n++)
        {
            var vector = vectors[n];
            var margin = (vector.Dot(weights) + weights[intercept]) * (labels[n] ? 1 : -1);
            total += importance[n];
            loss += importance[n] * (margin > 0 ? Math.Log(1 + Math.Exp(-margin)) : -margin + Math.Log(1 + Math.Exp(margin)));
            var pull = (float)(-importance[n] * (labels[n] ? 1 : -1) / (1 + Math.Exp(margin)));
            for (var i = 0; i < vector.Buckets.Length; i++)
            {
                gradient[vector.Buckets[i]] += pull * vector.Values[i];
            }

            gradient[intercept] += pull;
        }

        loss /= total;
        for (var i = 0; i < gradient.Length; i++)
        {
            gradient[i] = (float)(gradient[i] / total);
            if (i != intercept)
            {
                gradient[i] += (float)(penalty * weights[i]);
                loss += penalty / 2 * weights[i] * weights[i];
            }
        }

        return loss;
    }

    private static double Dot(float[] a, float[] b) => System.Numerics.Tensors.TensorPrimitives.Dot<float>(a, b);

    private static void AddScaled(float[] target, float[] source, double factor) =>
        System.Numerics.Tensors.TensorPrimitives.MultiplyAdd(source, (float)factor, target, target);
}
