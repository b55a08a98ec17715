using System.Runtime.InteropServices;
using System.Text;
using HybridConversations.Inference.Backends;

namespace HybridConversations.Inference.LlamaCpp;

/// <summary>
/// Functions of a loaded llama.cpp and its ggml libraries (whose symbols its handle finds too) that have not changed between the releases which the backends
/// bring, found by name. What differs between releases, the parameter structs above all, is each backend's own.
/// </summary>
internal sealed unsafe class LlamaSymbols
{
    public readonly delegate* unmanaged[Cdecl]<delegate* unmanaged[Cdecl]<int, byte*, void*, void>, void*, void> SetLog;
    public readonly delegate* unmanaged[Cdecl]<delegate* unmanaged[Cdecl]<byte*, void>, void*> SetAbortCallback;

    public readonly delegate* unmanaged[Cdecl]<nuint> DeviceCount;
    public readonly delegate* unmanaged[Cdecl]<nuint, nint> Device;
    public readonly delegate* unmanaged[Cdecl]<nint, byte*> DeviceName;
    public readonly delegate* unmanaged[Cdecl]<nint, byte*> DeviceDescription;
    public readonly delegate* unmanaged[Cdecl]<nint, int> DeviceType;
    public readonly delegate* unmanaged[Cdecl]<int, nint> DeviceByType;
    public readonly delegate* unmanaged[Cdecl]<nint, nint> DeviceRegistry;
    public readonly delegate* unmanaged[Cdecl]<nint, byte*, void*> RegisteredFunction;

    public readonly delegate* unmanaged[Cdecl]<LlamaThreadPool.Parameters*, int, void> ThreadPoolDefaults;
    public readonly delegate* unmanaged[Cdecl]<nint, nint, nint, void> AttachThreadPool;

    public readonly delegate* unmanaged[Cdecl]<nint, int, int, void> SetThreads;
    public readonly delegate* unmanaged[Cdecl]<byte*> SystemInfo;

    public readonly delegate* unmanaged[Cdecl]<nint, byte> ModelIsHybrid;
    public readonly delegate* unmanaged[Cdecl]<nint, nint> ModelVocabulary;
    public readonly delegate* unmanaged[Cdecl]<nint, int, byte*> TokenText;
    public readonly delegate* unmanaged[Cdecl]<nint, byte*, int, int*, int, byte, byte, int> Tokenize;

    public readonly delegate* unmanaged[Cdecl]<nint, nint> ContextMemory;
    public readonly delegate* unmanaged[Cdecl]<nint, LlamaBatch, int> Decode;
    public readonly delegate* unmanaged[Cdecl]<nint, int> SlidingWindow;
    public readonly delegate* unmanaged[Cdecl]<nint, int, uint, nuint> StateSize;
    public readonly delegate* unmanaged[Cdecl]<nint, byte*, nuint, int, uint, nuint> GetState;
    public readonly delegate* unmanaged[Cdecl]<nint, byte*, nuint, int, uint, nuint> SetState;

    private readonly nint _library;
    private readonly string _path;

    /// <exception cref="BackendException">The library lacks one.</exception>
    public LlamaSymbols(nint library, string path)
    {
        (_library, _path) = (library, path);
        SetLog = (delegate* unmanaged[Cdecl]<delegate* unmanaged[Cdecl]<int, byte*, void*, void>, void*, void>)Find("llama_log_set");
        SetAbortCallback = (delegate* unmanaged[Cdecl]<delegate* unmanaged[Cdecl]<byte*, void>, void*>)Find("ggml_set_abort_callback");
        DeviceCount = (delegate* unmanaged[Cdecl]<nuint>)Find("ggml_backend_dev_count");
        Device = (delegate* unmanaged[Cdecl]<nuint, nint>)Find("ggml_backend_dev_get");
        DeviceName = (delegate* unmanaged[Cdecl]<nint, byte*>)Find("ggml_backend_dev_name");
        DeviceDescription = (delegate* unmanaged[Cdecl]<nint, byte*>)Find("ggml_backend_dev_description");
        DeviceType = (delegate* unmanaged[Cdecl]<nint, int>)Find("ggml_backend_dev_type");
        DeviceByType = (delegate* unmanaged[Cdecl]<int, nint>)Find("ggml_backend_dev_by_type");
        DeviceRegistry = (delegate* unmanaged[Cdecl]<nint, nint>)Find("ggml_backend_dev_backend_reg");
        RegisteredFunction = (delegate* unmanaged[Cdecl]<nint, byte*, void*>)Find("ggml_backend_reg_get_proc_address");
        ThreadPoolDefaults = (delegate* unmanaged[Cdecl]<LlamaThreadPool.Parameters*, int, void>)Find("ggml_threadpool_params_init");
        AttachThreadPool = (delegate* unmanaged[Cdecl]<nint, nint, nint, void>)Find("llama_attach_threadpool");
        SetThreads = (delegate* unmanaged[Cdecl]<nint, int, int, void>)Find("llama_set_n_threads");
        SystemInfo = (delegate* unmanaged[Cdecl]<byte*>)Find("llama_print_system_info");
        ModelIsHybrid = (delegate* unmanaged[Cdecl]<nint, byte>)Find("llama_model_is_hybrid");
        ModelVocabulary = (delegate* unmanaged[Cdecl]<nint, nint>)Find("llama_model_get_vocab");
        TokenText = (delegate* unmanaged[Cdecl]<nint, int, byte*>)Find("llama_vocab_get_text");
        Tokenize = (delegate* unmanaged[Cdecl]<nint, byte*, int, int*, int, byte, byte, int>)Find("llama_tokenize");
        ContextMemory = (delegate* unmanaged[Cdecl]<nint, nint>)Find("llama_get_memory");
        Decode = (delegate* unmanaged[Cdecl]<nint, LlamaBatch, int>)Find("llama_decode");
        SlidingWindow = (delegate* unmanaged[Cdecl]<nint, int>)Find("llama_model_n_swa");
        StateSize = (delegate* unmanaged[Cdecl]<nint, int, uint, nuint>)Find("llama_state_seq_get_size_ext");
        GetState = (delegate* unmanaged[Cdecl]<nint, byte*, nuint, int, uint, nuint>)Find("llama_state_seq_get_data_ext");
        SetState = (delegate* unmanaged[Cdecl]<nint, byte*, nuint, int, uint, nuint>)Find("llama_state_seq_set_data_ext");
    }

    /// <summary>What ggml can compute on in this process.</summary>
    public List<LlamaDevice> Devices()
    {
        var devices = new List<LlamaDevice>();
        for (nuint index = 0; index < DeviceCount(); index++)
        {
            var device = Device(index);
            devices.Add(new LlamaDevice(Text(DeviceName(device)), Text(DeviceDescription(device)), DeviceType(device)));
        }

        return devices;
    }

    /// <summary>Was it built with OpenMP, whose threads wait for each other by sleeping when the processor is wanted elsewhere?</summary>
    public bool UsesOpenMp() => Text(SystemInfo()).Contains("OPENMP = 1", StringComparison.Ordinal);

    private nint Find(string function) => NativeLibrary.TryGetExport(_library, function, out var address) ? address
        : throw new BackendException($"{_path} cannot be used: it has no {function}, so it is no llama.cpp of a release that is known here.");

    private static string Text(byte* text) => text is null ? "" : Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(text));
}
