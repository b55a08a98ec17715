using System.Numerics.Tensors;
using HybridConversations.Inference.Backends;
using HybridConversations.Inference.Models;
using HybridConversations.Inference.Templates;
using Microsoft.Extensions.Logging;

namespace HybridConversations.Inference.LlamaCpp;

/// <summary>Loading a model: options, library, file, model, context, a first decode.</summary>
public sealed partial class LlamaBackend
{
    /// <summary>Bytes that llama.cpp stores about a cell in a saved state, beside its keys and values.</summary>
    private const int StateBytesPerCell = 12;

    // llama.cpp's log has one sink, and an error is explained by its last lines: one load at a time.
    private static readonly Lock LoadGate = new();

    /// <summary>Loads a model. Takes seconds to minutes, on a thread of its own.</summary>
    /// <param name="options">What to load and how; checked as a whole.</param>
    /// <param name="logger">Gets what llama.cpp says, for the life of the process.</param>
    /// <param name="cancellationToken">Ends the loading.</param>
    /// <exception cref="BackendException">The options, the library or the hardware will not do.</exception>
    /// <exception cref="ModelFileException">The model file will not do.</exception>
    public static async Task<LlamaBackend> Load(BackendOptions options, ILogger logger, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(logger);
        if (options.Errors() is { Count: > 0 } errors)
        {
            throw new BackendException(string.Join(' ', errors));
        }

        var file = await Task.Run(() => GgufFile.Read(options.ModelPath), cancellationToken).ConfigureAwait(false);
        ModelCheck.Verify(file);
        var library = LlamaLibrary.Load(logger);
        var devices = LlamaLoader.Devices(options);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var hash = ModelHash.Compute(options.ModelPath, cancellationToken: ending.Token);
        try
        {
            return await Task.Factory.StartNew(() => Load(options, library, file, devices, hash, logger, cancellationToken),
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
        BackendOptions options, LlamaLibrary library, GgufFile file, string devices, Task<string> hash, ILogger logger, CancellationToken cancellationToken)
    {
        lock (LoadGate)
        {
            LlamaLog.ClearErrors();
            var model = LlamaLoader.LoadModel(options, cancellationToken);
            LlamaContextHandle? context = null;
            LlamaThreadPool? threads = null;
            try
            {
                LlamaLoader.CheckModel(model, options.ModelPath);
                var abort = new AbortFlag();
                context = LlamaLoader.CreateContext(options, model, abort);
                threads = LlamaThreadPool.Attach(context, LlamaLoader.Threads(options), logger);
                var info = LlamaLoader.Describe(options, library, file, devices, hash.GetAwaiter().GetResult(), model, context);
                var vocabulary = new LlamaVocabulary(model, options.ModelPath);
                var backend = new LlamaBackend(model, context, threads, vocabulary, abort, info with { Template = Template(file, vocabulary, logger) });
                backend.Probe(options.ModelPath);
                return backend;
            }
            catch
            {
                context?.Dispose();
                threads?.Dispose();
                model.Dispose();
                throw;
            }
        }
    }

    private static ChatTemplate Template(GgufFile file, LlamaVocabulary vocabulary, ILogger logger)
    {
        var template = new ChatTemplate(file.ChatTemplate, vocabulary.Begin, vocabulary.End);
        if (template.Problem is { } problem)
        {
            logger.LogWarning("The model's chat template {Problem}. Prompts are written in ChatML: answers may be poor if the model was trained on another form", problem);
        }

        return template;
    }

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

        RemoveRange(0, -1, -1);
        Array.Clear(_hasLogits);
        if (MaxPosition(0) != -1)
        {
            throw new BackendException("llama.cpp did not empty a sequence when it was asked to.");
        }

        Info = Info with { KvBytesPerToken = (int)(sizes[1] - sizes[0]) - StateBytesPerCell };
    }
}
