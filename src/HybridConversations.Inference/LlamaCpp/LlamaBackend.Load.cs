using System.Numerics.Tensors;
using HybridConversations.Inference.Backends;
using HybridConversations.Inference.Models;
using HybridConversations.Inference.Templates;
using Microsoft.Extensions.Logging;

namespace HybridConversations.Inference.LlamaCpp;

/// <summary>Loading a model: options, library, file, model, context, a first decode.</summary>
public sealed partial class LlamaBackend
{
    /// <summary>Half of what llama.cpp can have (<see cref="WindowKeeper"/>).</summary>
    private const int MostWithWindow = 128;

    /// <summary>Bytes that llama.cpp stores about a cell in a saved state, beside its keys and values.</summary>
    private const int StateBytesPerCell = 12;

    // llama.cpp's log has one sink, and an error is explained by its last lines: one load at a time.
    private static readonly Lock LoadGate = new();

    /// <summary>Loads a model into the llama.cpp that <paramref name="open"/> loads.</summary>
    internal static async Task<IModelBackend> Load(Func<ILogger, LlamaRuntime> open, BackendOptions options, ILogger logger, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(logger);
        if (options.Errors() is { Count: > 0 } errors)
        {
            throw new BackendException(string.Join(' ', errors));
        }

        var file = await Task.Run(() => GgufFile.Read(options.ModelPath), cancellationToken).ConfigureAwait(false);
        ModelCheck.Verify(file);
        var runtime = open(logger);
        var devices = GpuUse.Devices(options.GpuLayers, runtime.Symbols.Devices(), runtime.CanOffload, runtime.Folders, runtime.GpuAdvice);
        var plan = LlamaContextPlan.Of(options, file.ContextLength ?? 0);
        if (options.MemoryMap != true && (devices.StartsWith("CPU", StringComparison.Ordinal) || UnifiedMemory.IsShared)
            && ModelMemory.Fault(file, plan.Cells, options.KvType == KvType.Q8_0 ? 1.0625 : 2, Environment.WorkingSet, MemoryLimit.Bytes()) is { } fault)
        {
            throw new BackendException(fault);
        }

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var hash = ModelHash.Compute(options.ModelPath, cancellationToken: ending.Token);
        try
        {
            return await Task.Factory.StartNew(() => Load(options, runtime, file, devices, hash, logger, cancellationToken),
                cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);
        }
        catch
        {
            await ending.CancelAsync().ConfigureAwait(false);
            await ((Task)hash).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
    }

    private static LlamaBackend Load(
        BackendOptions options, LlamaRuntime runtime, GgufFile file, string devices, Task<string> hash, ILogger logger, CancellationToken cancellationToken)
    {
        lock (LoadGate)
        {
            LlamaLog.ClearErrors();
            var calls = runtime.LoadModel(options, options.MemoryMap ?? false, cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            if (calls is null)
            {
                throw new ModelFileException(options.ModelPath,
                    $"llama.cpp could not load it: {LlamaLog.LastErrors()}. Check that it is whole (SHA-256), that {runtime.Name} knows its kind, and that it fits into memory.");
            }

            LlamaThreadPool? threads = null;
            try
            {
                CheckModel(calls.Model, options.ModelPath, options);
                var abort = new AbortFlag();
                var plan = LlamaContextPlan.Of(options, calls.Model.TrainedContext, calls.Model.SlidingWindow);
                MakeContext(calls, plan, abort, runtime);
                threads = LlamaThreadPool.Attach(runtime.Symbols, calls.ContextPointer, plan.Threads, logger);
                var info = Describe(options, runtime, file, devices, hash.GetAwaiter().GetResult(), calls);
                var vocabulary = new LlamaVocabulary(runtime.Symbols, calls, options.ModelPath);
                var yielding = YieldingThreads.Watch(options, runtime.Symbols, calls.ContextPointer, plan.Threads, devices, logger);
                var backend = new LlamaBackend(calls, runtime.Symbols, threads, yielding, vocabulary, abort, info with { Template = Template(file, vocabulary, logger), AddsSpacePrefix = vocabulary.AddsSpacePrefix });
                backend.Probe(options.ModelPath);
                logger.LogInformation("{Backend} computes {Model} ({Description})", info.Backend, info.ModelName, info.Description);
                return backend;
            }
            catch
            {
                calls.Dispose();
                threads?.Dispose();
                throw;
            }
        }
    }

    private static ChatTemplate Template(GgufFile file, LlamaVocabulary vocabulary, ILogger logger)
    {
        var template = new ChatTemplate(file.ChatTemplate, vocabulary.Text(file.BeginToken), vocabulary.Text(file.EndToken));
        if (template.Problem is { } problem)
        {
            logger.LogWarning("The model's chat template {Problem}. Prompts are written in ChatML: answers may be poor if the model was trained on another form", problem);
        }

        return template;
    }

    /// <exception cref="ModelFileException">The model is of a kind that conversations cannot use.</exception>
    private static void CheckModel(LlamaModelFacts model, string path, BackendOptions options)
    {
        if (model.HasEncoder || !model.HasDecoder || model.IsDiffusion)
        {
            throw new ModelFileException(path, "it does not write text from left to right (an encoder or a diffusion model). Choose a chat model.");
        }

        if (model.SlidingWindow > 0 && options.MaxSequences > MostWithWindow)
        {
            throw new BackendException($"{nameof(options.MaxSequences)} is {options.MaxSequences}; with a model whose layers look through a sliding window at most {MostWithWindow} are possible.");
        }
    }

    private static void MakeContext(LlamaCalls calls, LlamaContextPlan plan, AbortFlag abort, LlamaRuntime runtime)
    {
        if (!calls.MakeContext(plan, abort))
        {
            throw new BackendException($"llama.cpp could not make a context of {plan.Cells} tokens for {plan.SequencesMade} sequences: {LlamaLog.LastErrors()}. "
                + "Lower Context, MaxSequences or BatchSize if memory is short, or set KvType to Q8_0.");
        }

        var made = calls.Context;
        if ((made.Cells, made.MaxSequences, made.BatchSize) != (plan.Cells, plan.SequencesMade, plan.BatchSize))
        {
            throw new BackendException($"llama.cpp was asked for {plan.Cells} tokens, {plan.SequencesMade} sequences and batches of {plan.BatchSize} and made {made.Cells} tokens, "
                + $"{made.MaxSequences} sequences and batches of {made.BatchSize}: {runtime.Path} does not understand these bindings' structs. {runtime.ReleaseAdvice}");
        }
    }

    private static BackendInfo Describe(BackendOptions options, LlamaRuntime runtime, GgufFile file, string devices, string hash, LlamaCalls calls) => new()
    {
        Backend = runtime.Name,
        Device = devices,
        ModelHash = hash,
        ModelName = file.Name,
        Description = $"{calls.Model.Description} on {devices}",
        ModelBytes = calls.Model.Bytes,
        VocabularySize = calls.Model.VocabularySize,
        TrainedContext = calls.Model.TrainedContext,
        Cells = calls.Context.Cells,
        MaxSequences = options.MaxSequences,
        BatchSize = calls.Context.BatchSize,
        MicroBatchSize = Math.Min(options.MicroBatchSize, calls.Context.BatchSize),
        KvBytesPerToken = 0,
        CanShift = calls.Context.CanShift && !HasRunningState(calls.Model),
        HasRunningState = HasRunningState(calls.Model),
        SlidingWindow = calls.Model.SlidingWindow,
        LayoutKey = $"{runtime.Name}; {hash}; kv {options.KvType} unified; flash attention {options.FlashAttention}",
    };

    /// <summary>Decodes two tokens: does it compute, are the results numbers, how large is a token's KV? Leaves the memory empty.</summary>
    private void Probe(string path)
    {
        int[] tokens = [.. Tokenize("Hello, how are you?", addSpecial: true, parseSpecial: false).Take(2), 0, 0];
        var batch = new TokenBatch(1);
        var sizes = new long[2];
        for (var position = 0; position < 2; position++)
        {
            batch.Clear();
            batch.Add(tokens[position], position, sequence: 0, wantsLogits: true);
            if (Decode(batch) != DecodeStatus.Ok || MaxPosition(0) != position)
            {
                throw new BackendException($"llama.cpp could not decode token {position + 1} of a short text: {LlamaLog.LastErrors()}");
            }

            var logits = Logits(0);
            if (!TensorPrimitives.IsFiniteAll(logits) || TensorPrimitives.Max(logits) == TensorPrimitives.Min(logits))
            {
                throw new ModelFileException(path, "its first results are no usable numbers. The file is damaged, or this llama.cpp computes its kind of weights wrongly on this machine.");
            }

            sizes[position] = SequenceStateSize(0);
        }

        Info = Info with { CheckpointBytes = CheckpointSize(0) };

        RemoveRange(0, -1, -1);
        Array.Clear(_hasLogits);
        if (MaxPosition(0) != -1)
        {
            throw new BackendException("llama.cpp did not empty a sequence when it was asked to.");
        }

        KeepEmptyState();
        Info = Info with { KvBytesPerToken = Math.Max(0, (int)(sizes[1] - sizes[0]) - StateBytesPerCell) };
    }

    private static bool HasRunningState(LlamaModelFacts model) => model.IsRecurrent || model.IsHybrid;
}
