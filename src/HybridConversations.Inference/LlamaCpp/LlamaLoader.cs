using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using HybridConversations.Inference.Backends;
using HybridConversations.Inference.Models;

namespace HybridConversations.Inference.LlamaCpp;

/// <summary>The native steps of loading: devices, model, context, and what came of it.</summary>
internal static unsafe class LlamaLoader
{
    private const int DefaultContext = 8192;
    private const int ContextGranularity = 256;

    /// <summary>Rows with logits that llama.cpp reserves room for; more work too, at the price of a larger buffer from then on.</summary>
    private const int ReservedOutputs = 16;

    /// <summary>Names of the devices that will compute.</summary>
    /// <exception cref="BackendException">A GPU was asked for and there is none.</exception>
    public static string Devices(BackendOptions options)
    {
        var all = LlamaDevice.All();
        var gpus = all.Where(device => device.IsGpu).ToList();
        if (options.GpuLayers > 0 && (gpus.Count == 0 || LlamaNative.llama_supports_gpu_offload() == 0))
        {
            throw new BackendException($"{options.GpuLayers} layers on the GPU were asked for (GpuLayers), but llama.cpp found no GPU: only {string.Join(", ", all)}. "
                + $"Set {LlamaLibraryLocator.Variable} to the folder of a llama.cpp v{LlamaAbi.Release} built with CUDA (on a Jetson with -DGGML_CUDA=ON -DCMAKE_CUDA_ARCHITECTURES=87) "
                + "and check that the driver is there, or set GpuLayers to 0 for the CPU or −1 for whatever there is.");
        }

        return string.Join(", ", options.GpuLayers == 0 || gpus.Count == 0 ? all.Where(device => !device.IsGpu) : gpus);
    }

    public static LlamaModelHandle LoadModel(BackendOptions options, CancellationToken cancellationToken)
    {
        var parameters = LlamaNative.llama_model_default_params();
        var map = options.MemoryMap ?? !UnifiedMemory.IsShared;
        parameters.GpuLayers = options.GpuLayers;
        parameters.LoadMode = (map ? LlamaLoadMode.Map : LlamaLoadMode.Read) | (options.MemoryLock ? LlamaLoadMode.Lock : LlamaLoadMode.Read);
        var cancelled = GCHandle.Alloc(cancellationToken);
        try
        {
            parameters.Progress = &GoOn;
            parameters.ProgressData = (void*)GCHandle.ToIntPtr(cancelled);
            var model = LlamaNative.llama_model_load_from_file(options.ModelPath, parameters);
            cancellationToken.ThrowIfCancellationRequested();
            return model != 0 ? new LlamaModelHandle(model) : throw new ModelFileException(options.ModelPath,
                $"llama.cpp could not load it: {LlamaLog.LastErrors()}. Check that it is whole (SHA-256), that llama.cpp v{LlamaAbi.Release} knows its kind, and that it fits into memory.");
        }
        finally
        {
            cancelled.Free();
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static byte GoOn(float progress, void* data) => ((CancellationToken)GCHandle.FromIntPtr((nint)data).Target!).IsCancellationRequested ? (byte)0 : (byte)1;

    /// <exception cref="ModelFileException">The model is of a kind that conversations cannot use.</exception>
    public static void CheckModel(LlamaModelHandle model, string path)
    {
        if (LlamaNative.llama_model_has_encoder(model) != 0 || LlamaNative.llama_model_has_decoder(model) == 0 || LlamaNative.llama_model_is_diffusion(model) != 0)
        {
            throw new ModelFileException(path, "it does not write text from left to right (an encoder or a diffusion model). Choose a chat model.");
        }

        if (LlamaNative.llama_model_is_recurrent(model) != 0 || LlamaNative.llama_model_is_hybrid(model) != 0)
        {
            throw new ModelFileException(path, "it keeps recurrent state, of which no part can be shared, removed or moved as conversations need it. Choose a model with attention in every layer.");
        }
    }

    /// <summary>Threads to compute with on the CPU.</summary>
    public static int Threads(BackendOptions options) => options.Threads > 0 ? options.Threads : PhysicalProcessors.Count();

    public static LlamaContextHandle CreateContext(BackendOptions options, LlamaModelHandle model, AbortFlag abort)
    {
        var trained = LlamaNative.llama_model_n_ctx_train(model);
        var wanted = options.Context > 0 ? options.Context : (int)Math.Min(DefaultContext, (long)trained * options.MaxSequences);
        var cells = (wanted + ContextGranularity - 1) / ContextGranularity * ContextGranularity;
        var threads = Threads(options);
        var parameters = LlamaNative.llama_context_default_params();
        parameters.Context = (uint)cells;
        parameters.Batch = (uint)Math.Min(options.BatchSize, cells);
        parameters.MicroBatch = Math.Min((uint)options.MicroBatchSize, parameters.Batch);
        parameters.MaxSequences = (uint)options.MaxSequences;

        // llama.cpp ends the process when a batch has more rows with logits than this, or when this is less than one a sequence.
        parameters.MaxOutputs = Math.Max(parameters.Batch, parameters.MaxSequences);
        parameters.MaxOutputsPerSequence = Math.Max(1, (ReservedOutputs + parameters.MaxSequences - 1) / parameters.MaxSequences);
        (parameters.Threads, parameters.BatchThreads) = (threads, threads);
        parameters.FlashAttention = (options.FlashAttention, options.KvType) switch
        {
            (FlashAttention.Auto, KvType.F16) => -1,
            (FlashAttention.Off, _) => 0,
            _ => 1,
        };
        (parameters.TypeK, parameters.TypeV) = options.KvType == KvType.Q8_0 ? (8, 8) : (1, 1);
        parameters.Abort = AbortFlag.Callback;
        parameters.AbortData = abort.Address;
        parameters.KvUnified = 1;
        var context = LlamaNative.llama_init_from_model(model, parameters);
        if (context == 0)
        {
            throw new BackendException($"llama.cpp could not make a context of {cells} tokens for {options.MaxSequences} sequences: {LlamaLog.LastErrors()}. "
                + "Lower Context, MaxSequences or BatchSize if memory is short, or set KvType to Q8_0.");
        }

        var handle = new LlamaContextHandle(context, model);
        if (LlamaNative.llama_n_ctx(handle) != parameters.Context || LlamaNative.llama_n_seq_max(handle) != parameters.MaxSequences || LlamaNative.llama_n_batch(handle) != parameters.Batch)
        {
            var found = $"{LlamaNative.llama_n_ctx(handle)} tokens, {LlamaNative.llama_n_seq_max(handle)} sequences and batches of {LlamaNative.llama_n_batch(handle)}";
            handle.Dispose();
            throw new BackendException($"llama.cpp was asked for {cells} tokens, {options.MaxSequences} sequences and batches of {parameters.Batch} and made {found}: "
                + $"this library does not understand these bindings' structs. Run tools/native/fetch and unset {LlamaLibraryLocator.Variable}, or build llama.cpp at tag v{LlamaAbi.Release}.");
        }

        return handle;
    }

    public static BackendInfo Describe(
        BackendOptions options, LlamaLibrary library, GgufFile file, string devices, string hash, LlamaModelHandle model, LlamaContextHandle context)
    {
        Span<byte> text = stackalloc byte[256];
        int length;
        fixed (byte* target = text)
        {
            length = Math.Clamp(LlamaNative.llama_model_desc(model, target, (nuint)text.Length), 0, text.Length - 1);
        }

        return new BackendInfo
        {
            Backend = library.Name,
            ModelHash = hash,
            ModelName = file.Name,
            Description = $"{Encoding.UTF8.GetString(text[..length])} on {devices}",
            ModelBytes = (long)LlamaNative.llama_model_size(model),
            VocabularySize = LlamaNative.llama_vocab_n_tokens(LlamaNative.llama_model_get_vocab(model)),
            TrainedContext = LlamaNative.llama_model_n_ctx_train(model),
            Cells = (int)LlamaNative.llama_n_ctx(context),
            MaxSequences = (int)LlamaNative.llama_n_seq_max(context),
            BatchSize = (int)LlamaNative.llama_n_batch(context),
            KvBytesPerToken = 0,
            CanShift = LlamaNative.llama_memory_can_shift(LlamaNative.llama_get_memory(context)) != 0,
            LayoutKey = $"{library.Name}; {hash}; kv {options.KvType} unified; flash attention {options.FlashAttention}",
        };
    }
}
