using ArchUnitNET.Domain;
using ArchUnitNET.Loader;

namespace HybridConversations.Architecture.Tests;

/// <summary>All that <c>hc</c> is made of, read from its assemblies: types, and what each of them uses, method bodies included.</summary>
internal static class House
{
    /// <summary>The root of the house's names.</summary>
    public const string Name = "HybridConversations";

    private static readonly Lazy<ArchUnitNET.Domain.Architecture> Loaded = new(Load);

    /// <summary>Each use of a type of the house by another.</summary>
    public static IEnumerable<Use> Uses =>
        from type in Loaded.Value.Types
        where IsOurs(type)
        from dependency in type.Dependencies
        where IsOurs(dependency.Target)
        select new Use(type, dependency.Target);

    /// <summary>Each call of a method of the house by a type of it; methods as <c>name(parameters)</c>.</summary>
    public static IEnumerable<(string From, string To, string Method)> Calls =>
        from type in Loaded.Value.Types
        where IsOurs(type)
        from call in type.Dependencies.OfType<ArchUnitNET.Domain.Dependencies.MethodCallDependency>()
        where IsOurs(call.Target)
        select (type.FullName, call.Target.FullName, call.TargetMember.Name);

    /// <summary>Projects by their assemblies' names.</summary>
    public static string[] Projects => [.. Files().Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal)!];

    /// <summary>Assemblies that a project refers to.</summary>
    public static IEnumerable<string> References(string project) =>
        System.Reflection.Assembly.LoadFrom(Files().Single(file => Path.GetFileNameWithoutExtension(file) == project)).GetReferencedAssemblies().Select(name => name.Name!);

    private static ArchUnitNET.Domain.Architecture Load()
    {
        var loader = new ArchLoader();
        foreach (var file in Files())
        {
            loader.LoadFilteredDirectory(Path.GetDirectoryName(file), Path.GetFileName(file));
        }

        return loader.Build();
    }

    private static IEnumerable<string> Files() =>
        Directory.EnumerateFiles(AppContext.BaseDirectory, $"{Name}*.dll")
            .Where(file => !Path.GetFileName(file).Contains("Tests", StringComparison.Ordinal))
            .Append(Path.Combine(AppContext.BaseDirectory, "hc.dll"));

    /// <summary>Orleans' generated code has namespaces of its own and counts for nobody.</summary>
    private static bool IsOurs(IType type) => type is not GenericParameter && type.Namespace?.FullName is { } name && (name == Name || name.StartsWith(Name + '.', StringComparison.Ordinal));
}
