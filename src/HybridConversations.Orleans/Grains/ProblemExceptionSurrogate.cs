
namespace HybridConversations.Orleans.Grains;

/// <summary>A <see cref="ProblemException"/> on its way between silos: without this only its message would arrive.</summary>
[GenerateSerializer]
[Alias("hc.problem")]
public struct ProblemExceptionSurrogate
{
    /// <summary>What went wrong. The inner exception stays where it was thrown, in its log.</summary>
    [Id(0)]
    public Problem Problem { get; set; }
}

/// <summary>Makes exceptions of surrogates and back.</summary>
[RegisterConverter]
public sealed class ProblemExceptionConverter : IConverter<ProblemException, ProblemExceptionSurrogate>
{
    /// <inheritdoc/>
    public ProblemException ConvertFromSurrogate(in ProblemExceptionSurrogate surrogate) => new(surrogate.Problem);

    /// <inheritdoc/>
    public ProblemExceptionSurrogate ConvertToSurrogate(in ProblemException value) => new() { Problem = value.Problem };
}
