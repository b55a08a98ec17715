using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using HybridConversations.Inference.Backends;

namespace HybridConversations.Inference.LlamaCpp.Direct;

/// <summary>A model and its context through <see cref="LlamaNative"/>.</summary>
internal sealed unsafe class DirectCalls : LlamaCalls
{
    private readonly LlamaModelHandle _model;
    private LlamaContextHandle? _context;
    private nint _memory;

    private DirectCalls(LlamaModelHandle model)
    {
        _model = model;
        Vocabulary = LlamaNative.llama_model_get_vocab(model);
        Model = Describe(model, Vocabulary);
    }

    public override LlamaModelFacts Model { get; }

    public override LlamaContextFacts Context => new((int)LlamaNative.llama_n_ctx(Handle), (int)LlamaNative.llama_n_seq_max(Handle), (int)LlamaNative.llama_n_batch(Handle),
        LlamaNative.llama_memory_can_shift(_memory) != 0);

    public override bool IsClosed => _model.IsClosed;
    public override nint ContextPointer => Handle.DangerousGetHandle();
    public override nint Vocabulary { get; }

    private LlamaContextHandle Handle => _context ?? throw new InvalidOperationException("The context was not made.");

    public static DirectCalls? Load(BackendOptions options, bool map, CancellationToken cancellationToken)
    {
        var parameters = LlamaNative.llama_model_default_params();
        parameters.GpuLayers = options.GpuLayers;
        parameters.LoadMode = (map ? LlamaLoadMode.Map : LlamaLoadMode.Read) | (options.MemoryLock ? LlamaLoadMode.Lock : LlamaLoadMode.Read);
        var cancelled = GCHandle.Alloc(cancellationToken);
        try
        {
            parameters.Progress = &GoOn;
            parameters.ProgressData = (void*)GCHandle.ToIntPtr(cancelled);
            var model = LlamaNative.llama_model_load_from_file(options.ModelPath, parameters);
            return model == 0 ? null : new DirectCalls(new LlamaModelHandle(model));
        }
        finally
        {
            cancelled.Free();
        }
    }

    public override bool MakeContext(LlamaContextPlan plan, AbortFlag abort)
    {
        var parameters = LlamaNative.llama_context_default_params();
        parameters.Context = (uint)plan.Cells;
        parameters.Batch = (uint)plan.BatchSize;
        parameters.MicroBatch = (uint)plan.MicroBatchSize;
        parameters.MaxSequences = (uint)plan.SequencesMade;
        parameters.MaxOutputs = (uint)plan.MaxOutputs;
        parameters.MaxOutputsPerSequence = (uint)plan.MaxOutputsPerSequence;
        (parameters.Threads, parameters.BatchThreads) = (plan.Threads, plan.Threads);
        parameters.FlashAttention = plan.FlashAttention;
        (parameters.TypeK, parameters.TypeV) = (plan.KvType, plan.KvType);
        parameters.Abort = AbortFlag.Callback;
        parameters.AbortData = abort.Address;
        parameters.KvUnified = 1;
        var context = LlamaNative.llama_init_from_model(_model, parameters);
        if (context == 0)
        {
            return false;
        }

        _context = new LlamaContextHandle(context, _model);
        _memory = LlamaNative.llama_get_memory(_context);
        return true;
    }

    public override bool IsEndOfGeneration(int token) => LlamaNative.llama_vocab_is_eog(Vocabulary, token) != 0;

    public override bool IsControl(int token) => LlamaNative.llama_vocab_is_control(Vocabulary, token) != 0;

    public override int Piece(int token, Span<byte> destination)
    {
        fixed (byte* target = destination)
        {
            return LlamaNative.llama_token_to_piece(Vocabulary, token, target, destination.Length, 0, special: 1);
        }
    }

    public override int Decode(LlamaBatch batch) => LlamaNative.llama_decode(Handle, batch);

    public override ReadOnlySpan<float> Logits(int row) => LlamaNative.llama_get_logits_ith(Handle, row) is var logits && logits is null ? [] : new(logits, Model.VocabularySize);

    public override bool Remove(int sequence, int start, int end) => LlamaNative.llama_memory_seq_rm(_memory, sequence, start, end) != 0;

    public override void Copy(int source, int target, int start, int end) => LlamaNative.llama_memory_seq_cp(_memory, source, target, start, end);

    public override void Shift(int sequence, int start, int end, int delta) => LlamaNative.llama_memory_seq_add(_memory, sequence, start, end, delta);

    public override int FirstPosition(int sequence) => LlamaNative.llama_memory_seq_pos_min(_memory, sequence);

    public override int LastPosition(int sequence) => LlamaNative.llama_memory_seq_pos_max(_memory, sequence);

    public override long StateSize(int sequence) => (long)LlamaNative.llama_state_seq_get_size(Handle, sequence);

    public override long GetState(int sequence, Span<byte> destination)
    {
        fixed (byte* target = destination)
        {
            return (long)LlamaNative.llama_state_seq_get_data(Handle, target, (nuint)destination.Length, sequence);
        }
    }

    public override long SetState(int sequence, ReadOnlySpan<byte> source)
    {
        fixed (byte* state = source)
        {
            return (long)LlamaNative.llama_state_seq_set_data(Handle, state, (nuint)source.Length, sequence);
        }
    }

    public override void Dispose()
    {
        _context?.Dispose();
        _model.Dispose();
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static byte GoOn(float progress, void* data) => ((CancellationToken)GCHandle.FromIntPtr((nint)data).Target!).IsCancellationRequested ? (byte)0 : (byte)1;

    private static LlamaModelFacts Describe(LlamaModelHandle model, nint vocabulary)
    {
        Span<byte> text = stackalloc byte[256];
        int length;
        fixed (byte* target = text)
        {
            length = Math.Clamp(LlamaNative.llama_model_desc(model, target, (nuint)text.Length), 0, text.Length - 1);
        }

        return new LlamaModelFacts
        {
            Description = Encoding.UTF8.GetString(text[..length]),
            Bytes = (long)LlamaNative.llama_model_size(model),
            TrainedContext = LlamaNative.llama_model_n_ctx_train(model),
            VocabularySize = LlamaNative.llama_vocab_n_tokens(vocabulary),
            VocabularyType = LlamaNative.llama_vocab_type(vocabulary),
            Begin = LlamaNative.llama_vocab_get_add_bos(vocabulary) != 0 ? LlamaNative.llama_vocab_bos(vocabulary) : null,
            End = LlamaNative.llama_vocab_get_add_eos(vocabulary) != 0 ? LlamaNative.llama_vocab_eos(vocabulary) : null,
            HasEncoder = LlamaNative.llama_model_has_encoder(model) != 0,
            HasDecoder = LlamaNative.llama_model_has_decoder(model) != 0,
            IsDiffusion = LlamaNative.llama_model_is_diffusion(model) != 0,
            IsRecurrent = LlamaNative.llama_model_is_recurrent(model) != 0,
            IsHybrid = LlamaNative.llama_model_is_hybrid(model) != 0,
            SlidingWindow = LlamaNative.llama_model_n_swa(model),
        };
    }
}
