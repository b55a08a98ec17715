using ArchUnitNET.Domain;

namespace HybridConversations.Architecture.Tests;

/// <param name="From">The type that uses.</param>
/// <param name="To">The type that is used.</param>
internal sealed record Use(IType From, IType To)
{
    public string FromProject => Project(From);

    public string ToProject => Project(To);

    public override string ToString() => $"{From.Name} uses {To.Name}";

    private static string Project(IType type) => type.Assembly.Name.Split(',')[0];
}
