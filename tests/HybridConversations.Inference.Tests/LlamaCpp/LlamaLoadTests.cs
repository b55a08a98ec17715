using HybridConversations.Inference.Backends;
using HybridConversations.Inference.LlamaCpp;
using HybridConversations.Inference.Models;
using HybridConversations.Inference.Tests.Backends;
using HybridConversations.Inference.Tests.Models;
using HybridConversations.Tests.Common;
using Microsoft.Extensions.Logging;

namespace HybridConversations.Inference.Tests.LlamaCpp;

/// <summary>What loading says, reads back and refuses.</summary>
public sealed class LlamaLoadTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly BackendOptions _options = new() { ModelPath = RepositoryFiles.DemoModel, Context = 256, MaxSequences = 2, BatchSize = 32, Threads = 1 };

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public async Task Tells_what_was_loaded()
    {
        using var backend = await Load(_options with { FlashAttention = FlashAttention.Off });

        Assert.Equal("Pip demo", backend.Info.ModelName);
        Assert.Equal(RealBackend.Name, backend.Info.Backend);
        Assert.Equal((await File.ReadAllTextAsync(RepositoryFiles.DemoModel + ".sha256"))[..64], backend.Info.ModelHash);
        Assert.Equal((3072, 1024, 256, 2, 32), (backend.Info.VocabularySize, backend.Info.TrainedContext, backend.Info.Cells, backend.Info.MaxSequences, backend.Info.BatchSize));
        Assert.Equal(4608, backend.Info.KvBytesPerToken); // 6 layers, 3 heads of 64, keys and values, two bytes each
        Assert.True(backend.Info.CanShift);
        Assert.Contains(" on ", backend.Info.Description);
    }

    [SkippableTheory]
    [InlineData(0, 2, 2048)]
    [InlineData(0, 64, 8192)]
    [InlineData(1, 2, 256)]
    [InlineData(257, 2, 512)]
    public async Task Context_is_what_was_asked_for_or_what_makes_sense(int context, int sequences, int cells)
    {
        using var backend = await Load(_options with { Context = context, MaxSequences = sequences });

        Assert.Equal(cells, backend.Info.Cells);
    }

    [SkippableFact]
    public async Task More_sequences_than_rows_are_fine()
    {
        using var backend = await Load(_options with { MaxSequences = 256, BatchSize = 8, MicroBatchSize = 4 });

        Assert.Equal((256, 8), (backend.Info.MaxSequences, backend.Info.BatchSize));
        Assert.Equal(-1, backend.MaxPosition(255));
    }

    [SkippableFact]
    public async Task Eight_bit_kv_takes_half_and_has_its_own_layout()
    {
        using var half = await Load(_options with { FlashAttention = FlashAttention.On });
        using var eighth = await Load(_options with { KvType = KvType.Q8_0 });

        Assert.Equal(2448, eighth.Info.KvBytesPerToken); // 34 bytes for 32 values
        Assert.NotEqual(half.Info.LayoutKey, eighth.Info.LayoutKey);
        var batch = new TokenBatch(1);
        batch.Add(5, 0, 0, wantsLogits: true);
        half.Decode(batch);
        var state = new byte[half.SequenceStateSize(0)];
        half.SaveSequence(0, state);
        Assert.False(eighth.RestoreSequence(0, state));
    }

    [SkippableFact]
    public async Task All_that_is_wrong_with_the_options_is_said_at_once()
    {
        var message = (await Assert.ThrowsAsync<BackendException>(() => Load(new BackendOptions
        {
            ModelPath = " ",
            MaxSequences = 257,
            Context = -1,
            BatchSize = 0,
            KvType = KvType.Q8_0,
            FlashAttention = FlashAttention.Off,
        }))).Message;

        foreach (var part in (string[])["ModelPath is empty", "MaxSequences is 257; 1 to 256", "Context is -1", "BatchSize is 0", "needs flash attention"])
        {
            Assert.Contains(part, message);
        }
    }

    [SkippableFact]
    public async Task Layers_on_a_gpu_that_is_not_there_are_an_error()
    {
        using var cpu = await Load(_options);
        Skip.IfNot(cpu.Info.Description.Contains("CPU"), "There is a GPU here.");

        var message = (await Assert.ThrowsAsync<BackendException>(() => Load(_options with { GpuLayers = 1 }))).Message;

        Assert.Contains("no GPU", message);
        Assert.Contains("HC_LLAMA_LIB", message);
    }

    [SkippableFact]
    public async Task A_load_that_was_cancelled_ends()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => RealBackend.Load(_options, cancellationToken: cancelled.Token));
    }

    [SkippableFact]
    public async Task A_cut_off_file_is_refused_before_native_code_sees_it()
    {
        var path = _folder.Write("short.gguf", File.ReadAllBytes(RepositoryFiles.DemoModel)[..2_000_000]);

        var exception = await Assert.ThrowsAsync<ModelFileException>(() => Load(_options with { ModelPath = path }));

        Assert.Contains("cut off", exception.Message);
        Assert.Contains(path, exception.Message);
    }

    [SkippableFact]
    public async Task What_only_llama_cpp_can_tell_is_in_the_message()
    {
        var editor = new GgufEditor();
        editor.Tensors[5] = ("nobody.expects.this", editor.Tensors[5].Info);
        var path = _folder.Write("renamed.gguf", editor.Bytes());

        var exception = await Assert.ThrowsAsync<ModelFileException>(() => Load(_options with { ModelPath = path }));

        Assert.Contains("llama.cpp could not load it", exception.Message);
        Assert.Contains("tensor", exception.Message); // what is wrong with them, each release says in its own words
    }

    [SkippableFact]
    public async Task Weights_that_are_no_numbers_are_refused()
    {
        var bytes = File.ReadAllBytes(RepositoryFiles.DemoModel);
        bytes.AsSpan(new GgufEditor().HeaderBytes + 64, 600_000).Fill(0x7E);
        var path = _folder.Write("noise.gguf", bytes);

        Assert.Contains("no usable numbers", (await Assert.ThrowsAsync<ModelFileException>(() => Load(_options with { ModelPath = path }))).Message);
    }

    [SkippableFact]
    public async Task Vocabularies_that_would_end_the_process_are_refused()
    {
        await Refused(new GgufEditor().Set("tokenizer.ggml.model", "llama"), "no token for");
        await Refused(new GgufEditor().Set("tokenizer.ggml.model", "bert"), "tokenizer");

        async Task Refused(GgufEditor editor, string reason) =>
            Assert.Contains(reason, (await Assert.ThrowsAsync<ModelFileException>(() => Load(_options with { ModelPath = _folder.Write("model.gguf", editor.Bytes()) }))).Message);
    }

    [SkippableFact]
    public async Task Kinds_of_models_that_cannot_hold_conversations_are_refused()
    {
        // Without its causal mask the same network is an encoder.
        var editor = new GgufEditor();
        foreach (var (key, type, value) in editor.Values.Where(entry => entry.Key.StartsWith("llama.", StringComparison.Ordinal)).ToList())
        {
            editor.Drop(key).Set(key.Replace("llama.", "dream."), type, value);
        }

        var path = _folder.Write("diffusion.gguf", editor.Set("general.architecture", "dream").Bytes());

        await Assert.ThrowsAsync<ModelFileException>(() => Load(_options with { ModelPath = path }));
    }

    [SkippableFact]
    public async Task Damaged_headers_are_loaded_or_refused_and_never_end_the_process()
    {
        var whole = File.ReadAllBytes(RepositoryFiles.DemoModel);
        var header = new GgufEditor().HeaderBytes;
        var loaded = 0;
        for (var seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            var bytes = (byte[])whole.Clone();
            bytes[random.Next(seed % 3 == 0 ? header : 900)] ^= (byte)(1 << random.Next(8));
            try
            {
                using var backend = await Load(_options with { ModelPath = _folder.Write("damaged.gguf", bytes) });
                loaded++;
            }
            catch (ModelFileException exception)
            {
                Assert.NotEmpty(exception.Reason);
            }
        }

        Assert.InRange(loaded, 5, 55);
    }

    [SkippableFact]
    public async Task A_template_that_llama_cpp_does_not_know_becomes_chatml_with_a_warning()
    {
        var path = _folder.Write("template.gguf", new GgufEditor().Set("tokenizer.chat_template", "{{ messages[0].content }}").Bytes());
        var logger = new ListLogger();
        using var backend = await RealBackend.Load(_options with { ModelPath = path }, logger);

        Assert.Equal("<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n", backend.ApplyChatTemplate([new ChatMessage("user", "Hi")], addAssistantStart: true));
        Assert.Contains(logger.Lines, line => line.Level == LogLevel.Warning && line.Text.Contains("ChatML"));
    }

    [SkippableFact]
    public async Task Llama_cpps_chatter_stays_below_information_and_comes_in_whole_lines()
    {
        var logger = new ListLogger();
        using var backend = await RealBackend.Load(_options, logger);

        Assert.Contains(logger.Lines, line => line.Level == LogLevel.Debug && line.Text.Contains("kv_unified"));
        Assert.DoesNotContain(logger.Lines, line => line.Level >= LogLevel.Information && line.Text.Contains("llama_model_loader", StringComparison.Ordinal));
        Assert.DoesNotContain(logger.Lines, line => line.Level >= LogLevel.Warning);
        Assert.DoesNotContain(logger.Lines, line => line.Text.Contains('\n') || line.Text == ".");
    }

    private static Task<LlamaBackend> Load(BackendOptions options) => RealBackend.Load(options);
}
