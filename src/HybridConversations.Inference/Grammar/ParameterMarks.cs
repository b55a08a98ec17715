namespace HybridConversations.Inference.Grammar;

/// <summary>What the parameters of a call stand between, where each is written on its own: a text as it is, anything else as JSON.</summary>
/// <param name="Before">Before its name.</param>
/// <param name="AfterName">Between its name and its value.</param>
/// <param name="After">Behind its value.</param>
public sealed record ParameterMarks(string Before, string AfterName, string After)
{
    /// <summary>Where a name ends, whatever white space a model writes.</summary>
    internal string NameEnd => AfterName.Split('\n')[0];

    /// <summary>Where a value begins behind that; empty for at once.</summary>
    internal string ValueBegin => AfterName[NameEnd.Length..].Trim();

    /// <summary>Where it ends.</summary>
    internal string ValueEnd => After.Trim();

    /// <summary>A line's end stands on either side of a value and is no part of it.</summary>
    internal bool IsOnLines => After.StartsWith('\n');
}
