using HybridConversations.Inference.Backends;
using HybridConversations.Inference.LlamaCpp;
using LLama.Exceptions;
using LLama.Native;

namespace HybridConversations.Inference.LLamaSharp;

/// <summary>
/// A model and its context through LLamaSharp's low-level API. What it lacks, or does with a lock and an allocation a row (its decode), or whose answer it drops
/// (removing positions), comes from the library that it loaded (<see cref="LlamaSymbols"/>).
/// </summary>
internal sealed unsafe class LLamaSharpCalls : LlamaCalls
{
    private readonly SafeLlamaModelHandle _model;
    private readonly LlamaSymbols _symbols;
    private SafeLLamaContextHandle? _context;
    private nint _memory;

    private LLamaSharpCalls(SafeLlamaModelHandle model, LlamaSymbols symbols)
    {
        (_model, _symbols) = (model, symbols);
        Vocabulary = symbols.ModelVocabulary(model.DangerousGetHandle());
        var vocabulary = model.Vocab;
        Model = new LlamaModelFacts
        {
            Description = model.Description,
            Bytes = (long)model.SizeInBytes,
            TrainedContext = model.ContextSize,
            VocabularySize = vocabulary.Count,
            VocabularyType = (int)vocabulary.Type,
            Begin = vocabulary.ShouldAddBOS ? (int?)vocabulary.BOS ?? -1 : null,
            End = vocabulary.ShouldAddEOS ? (int?)vocabulary.EOS ?? -1 : null,
            HasEncoder = model.HasEncoder,
            HasDecoder = model.HasDecoder,
            IsDiffusion = model.IsDiffusion,
            IsRecurrent = model.IsRecurrent,
            IsHybrid = symbols.ModelIsHybrid(model.DangerousGetHandle()) != 0,
            SlidingWindow = symbols.SlidingWindow(model.DangerousGetHandle()),
        };
    }

    public override LlamaModelFacts Model { get; }

    public override LlamaContextFacts Context => new((int)Handle.ContextSize, (int)Handle.MaxSeq, (int)Handle.BatchSize, Handle.MemoryCanShift);

    public override bool IsClosed => _model.IsClosed;
    public override nint ContextPointer => Handle.DangerousGetHandle();
    public override nint Vocabulary { get; }
    private SafeLLamaContextHandle Handle => _context ?? throw new InvalidOperationException("The context was not made.");

    public static LLamaSharpCalls? Load(BackendOptions options, bool map, LlamaSymbols symbols, CancellationToken cancellationToken)
    {
        var parameters = LLamaModelParams.Default();
        parameters.n_gpu_layers = options.GpuLayers;
        parameters.load_mode = (map, options.MemoryLock) switch
        {
            (true, true) => LLamaLoadMode.MemoryMapAndLock,
            (true, false) => LLamaLoadMode.MemoryMap,
            (false, true) => LLamaLoadMode.MemoryLock,
            _ => LLamaLoadMode.None,
        };
        LlamaProgressCallback progress = (_, _) => !cancellationToken.IsCancellationRequested;
        parameters.progress_callback = progress;
        try
        {
            return new LLamaSharpCalls(SafeLlamaModelHandle.LoadFromFile(options.ModelPath, parameters), symbols);
        }
        catch (LoadWeightsFailedException)
        {
            return null;
        }
        finally
        {
            GC.KeepAlive(progress);
        }
    }

    public override bool MakeContext(LlamaContextPlan plan, AbortFlag abort)
    {
        var parameters = LLamaContextParams.Default();
        parameters.n_ctx = (uint)plan.Cells;
        parameters.n_batch = (uint)plan.BatchSize;
        parameters.n_ubatch = (uint)plan.MicroBatchSize;
        parameters.n_seq_max = (uint)plan.SequencesMade;
        parameters.n_outputs_max = (uint)plan.MaxOutputs;
        (parameters.n_threads, parameters.n_threads_batch) = (plan.Threads, plan.Threads);
        parameters.llama_flash_attn_type = (LLamaFlashAttentionType)plan.FlashAttention;
        (parameters.type_k, parameters.type_v) = ((GGMLType)plan.KvType, (GGMLType)plan.KvType);
        parameters.abort_callback = (nint)AbortFlag.Callback;
        parameters.abort_callback_user_data = (nint)abort.Address;
        parameters.kv_unified = true;
        var context = SafeLLamaContextHandle.Create(_model, parameters);

        // A context that could not be made comes back as a handle of nothing, and the next call would end the process.
        if (context.IsInvalid)
        {
            return false;
        }

        _context = context;
        _memory = _symbols.ContextMemory(context.DangerousGetHandle());
        return true;
    }

    public override bool IsEndOfGeneration(int token) => ((LLamaToken)token).IsEndOfGeneration(_model.Vocab);

    public override bool IsControl(int token) => ((LLamaToken)token).IsControl(_model.Vocab);

    public override int Piece(int token, Span<byte> destination) => NativeApi.llama_token_to_piece(_model.Vocab, token, destination, 0, special: true);

    public override int Decode(LlamaBatch batch) => _symbols.Decode(Handle.DangerousGetHandle(), batch);

    public override ReadOnlySpan<float> Logits(int row) => Handle.GetLogitsIth(row);

    public override bool Remove(int sequence, int start, int end) => NativeApi.llama_memory_seq_rm(_memory, (LLamaSeqId)sequence, start, end);

    public override void Copy(int source, int target, int start, int end) => Handle.MemorySequenceCopy((LLamaSeqId)source, (LLamaSeqId)target, start, end);

    public override void Shift(int sequence, int start, int end, int delta) => Handle.MemorySequenceAdd((LLamaSeqId)sequence, start, end, delta);

    public override int FirstPosition(int sequence) => (int)Handle.MemorySequenceMinPosition((LLamaSeqId)sequence);

    public override int LastPosition(int sequence) => (int)Handle.MemorySequenceMaxPosition((LLamaSeqId)sequence);

    public override long StateSize(int sequence) => (long)Handle.GetStateSize((LLamaSeqId)sequence);

    public override long GetState(int sequence, Span<byte> destination)
    {
        fixed (byte* target = destination)
        {
            return (long)Handle.GetState(target, (nuint)destination.Length, (LLamaSeqId)sequence);
        }
    }

    public override long SetState(int sequence, ReadOnlySpan<byte> source)
    {
        fixed (byte* state = source)
        {
            return (long)Handle.SetState(state, (nuint)source.Length, (LLamaSeqId)sequence);
        }
    }

    public override void Dispose()
    {
        _context?.Dispose();
        _model.Dispose();
    }
}
