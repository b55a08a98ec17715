namespace HybridConversations.Tests.Common;

/// <summary>Files that tests need, found from wherever the tests run.</summary>
public static class RepositoryFiles
{
    public static string Root { get; } = FindRoot();

    /// <summary>The model that recalls what was said: the one to test conversations with.</summary>
    public static string DemoModel { get; } = Path.Combine(Root, "models", "demo.gguf");

    /// <summary>A larger instruct model for speed and equality, from <c>HC_TEST_MODEL</c>; the demo model where it is not given.</summary>
    public static string TestModel { get; } = Environment.GetEnvironmentVariable("HC_TEST_MODEL") is { Length: > 0 } path ? path : DemoModel;

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "HybridConversations.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"HybridConversations.sln lies in no folder above {AppContext.BaseDirectory}.");
    }
}
