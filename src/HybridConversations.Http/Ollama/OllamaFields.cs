using HybridConversations.Http.Requests;

namespace HybridConversations.Http.Ollama;

/// <summary>Every field of <c>/api/chat</c> and <c>/api/generate</c>, and what becomes of it.</summary>
internal static class OllamaFields
{
    private static readonly FieldGroup[] Both =
    [
        new(FieldUse.Supported, "lines of JSON, unless false", "stream"),
        new(FieldUse.Supported, "`\"json\"` or a JSON schema; the reply always follows, and ends with `done_reason: \"length\"` where the limit cut it", "format"),
        new(FieldUse.Supported, "below", "options"),
        new(FieldUse.Supported, "true, false, or an effort", "think"),
        new(FieldUse.Supported, "0 is answered as Ollama does; the model stays", "keep_alive"),
        new(FieldUse.NoEffect, "one model is served under its own name, whatever name is asked for", "model", "name"),
        new(FieldUse.Ignored, "", "truncate", "shift", "logprobs", "top_logprobs") { Neutral = ["true", "0"] },
    ];

    public static FieldTable Chat { get; } = new(
        "POST /api/chat",
        [
            new(FieldUse.Supported, "roles `system`, `user`, `assistant`, `tool`; earlier calls and thoughts included; `images` get 400", "messages"),
            new(FieldUse.Supported, "functions; a call is told whole", "tools"),
            .. Both,
        ]);

    public static FieldTable Generate { get; } = new(
        "POST /api/generate",
        [
            new(FieldUse.Supported, "answered through the model's chat template", "prompt", "system"),
            new(FieldUse.Supported, "true: the prompt is read as it is, without a template", "raw"),
            .. Both,
            new(FieldUse.Refused, "the model reads and writes text only", "images", "width", "height", "steps"),
            new(FieldUse.Refused, "filling in the middle is not done here", "suffix"),
            new(FieldUse.Refused, "the model's own template writes the prompt; send raw: true to write it yourself", "template"),
            new(FieldUse.Refused, "send the messages to /api/chat, or keep a conversation (docs/http-api.md)", "context"),
        ]);

    public static FieldTable Options { get; } = new(
        "options of /api/chat and /api/generate",
        [
            new(FieldUse.Supported, "−1 and −2 go on to the end of the context, which is the default", "num_predict"),
            new(FieldUse.Supported, "", "temperature", "top_p", "top_k", "min_p", "seed", "stop", "frequency_penalty", "presence_penalty"),
            new(FieldUse.Supported, "as llama-server has them", "repeat_penalty", "repeat_last_n", "logit_bias", "typical_p", "dry_multiplier", "dry_base", "dry_allowed_length", "dry_penalty_last_n", "dry_sequence_breakers", "xtc_probability", "xtc_threshold"),
            new(FieldUse.NoEffect, "how the model is loaded is the server's own business", "num_ctx", "num_keep", "num_batch", "num_gpu", "main_gpu", "num_thread", "use_mmap", "use_mlock", "numa", "low_vram", "vocab_only", "f16_kv", "logits_all", "embedding_only", "penalize_newline"),
            new(FieldUse.Ignored, "", "mirostat", "mirostat_tau", "mirostat_eta", "tfs_z") { Neutral = ["0", "1"] },
        ]);
}
