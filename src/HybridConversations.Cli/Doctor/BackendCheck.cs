using HybridConversations.Cli.Settings;
using HybridConversations.Inference.Backends;

namespace HybridConversations.Cli.Doctor;

/// <summary>Which backend would compute, is its library the right one, and what does it compute on?</summary>
internal static class BackendCheck
{
    public static Finding Examine(SettingsSources sources)
    {
        const string Subject = "backend";
        try
        {
            var provider = BackendProviders.Choose(ServerSettings.ReadBackendName(new SettingsReader(sources)));
            var probe = provider.Examine();
            var detail = $"{provider.Name}: {probe.Name} on {string.Join(", ", probe.Devices)} ({probe.Path})";
            return File.Exists("/etc/nv_tegra_release") && !probe.HasGpu
                ? Finding.Note(Subject, detail, $"This Jetson's GPU is not used. Build {provider.Release} with CUDA (deploy/jetson) and set {BackendChoice.LibraryVariable} to its folder.")
                : Finding.Ok(Subject, detail);
        }
        catch (BackendException exception)
        {
            return Finding.Missing(Subject, exception.Message, $"Unset {BackendChoice.LibraryVariable} and --backend for what is here by itself: llama.cpp of tools/native/fetch (npm), else LLamaSharp's.");
        }
    }
}
