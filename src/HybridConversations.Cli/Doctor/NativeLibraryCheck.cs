using HybridConversations.Inference.Backends;
using HybridConversations.Inference.LlamaCpp;

namespace HybridConversations.Cli.Doctor;

/// <summary>Is llama.cpp here, is it the right one, and what does it compute on?</summary>
internal static class NativeLibraryCheck
{
    public static Finding Examine()
    {
        const string Subject = "llama.cpp";
        try
        {
            var probe = LlamaProbe.Examine();
            var detail = $"{probe.Name} on {string.Join(", ", probe.Devices)} ({probe.Path})";
            return File.Exists("/etc/nv_tegra_release") && !probe.HasGpu
                ? Finding.Note(Subject, detail, "This Jetson's GPU is not used. Build llama.cpp v0.5.0 with CUDA (deploy/jetson) and set HC_LLAMA_LIB to its folder.")
                : Finding.Ok(Subject, detail);
        }
        catch (BackendException exception)
        {
            return Finding.Missing(Subject, exception.Message, "Run tools/native/fetch (./run does), or set HC_LLAMA_LIB to the folder of a llama.cpp v0.5.0 build.");
        }
    }
}
