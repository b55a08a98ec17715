using HybridConversations.Http.Requests;

namespace HybridConversations.Http.OpenAi;

/// <summary>Fields that chat and text completions share.</summary>
internal static class OpenAiFields
{
    /// <summary>How the next token is chosen, when a reply ends, how it is sent.</summary>
    public static IReadOnlyList<FieldGroup> Sampling { get; } =
    [
        new(FieldUse.Supported, "server-sent events; with `include_usage` a last chunk that holds the usage", "stream", "stream_options"),
        new(FieldUse.Supported, "no limit, or −1, goes on to the end of the context (with `deadlineMs`: to the model's default limit); 0 reads the prompt and says nothing", "max_tokens", "max_completion_tokens", "n_predict"),
        new(FieldUse.Supported, "1 to 16 replies", "n"),
        new(FieldUse.Supported, "", "temperature", "top_p", "top_k", "min_p", "stop", "seed", "presence_penalty", "frequency_penalty", "ignore_eos"),
        new(FieldUse.Supported, "by token id, at most 300", "logit_bias"),
        new(FieldUse.Supported, "as llama-server has them", "repeat_penalty", "repeat_last_n", "typical_p", "dry_multiplier", "dry_base", "dry_allowed_length", "dry_penalty_last_n", "dry_sequence_breakers", "xtc_probability", "xtc_threshold"),
        new(FieldUse.Supported, "`text`, `json_object` (with a `schema` in it, too) or `json_schema`; the reply always follows, and ends with `finish_reason: \"length\"` where the limit cut it", "response_format", "json_schema"),
        new(FieldUse.Supported, "GBNF", "grammar"),
        new(FieldUse.Supported, "extensions: `voice`, `interactive` or `background`; milliseconds within which the reply should be whole", "priority", "deadlineMs"),
    ];

    /// <summary>What other servers take and this one does not.</summary>
    public static IReadOnlyList<FieldGroup> NotHere { get; } =
    [
        new(FieldUse.NoEffect, "one model is served, whatever it is called; the answer's `model` says which", "model"),
        new(FieldUse.NoEffect, "about the caller, or another server's machinery", "user", "metadata", "store", "service_tier", "prompt_cache_key", "prompt_cache_retention", "safety_identifier", "cache_prompt", "id_slot", "timings_per_token", "skip_special_tokens", "spaces_between_special_tokens"),
        new(FieldUse.Refused, "constrain a reply with response_format or grammar", "guided_json", "guided_regex", "guided_choice", "guided_grammar", "structured_outputs"),
        new(FieldUse.Refused, "tokens are kept out with logit_bias, texts end a reply with stop", "bad_words", "allowed_token_ids", "stop_token_ids", "logits_processors", "min_tokens") { Neutral = ["0"] },
        new(FieldUse.Refused, "the n replies that are sampled are all answered", "best_of", "use_beam_search") { Neutral = ["1"] },
        new(FieldUse.Refused, "the prompt's own tokens are not scored", "prompt_logprobs", "n_probs") { Neutral = ["0"] },
        new(FieldUse.Refused, "the model is served as it is", "lora"),
        new(FieldUse.Ignored, "", "repetition_penalty", "length_penalty", "mirostat", "mirostat_tau", "mirostat_eta", "tfs_z", "top_a", "top_n_sigma", "dynatemp_range", "dynatemp_exponent", "samplers", "n_keep", "t_max_predict_ms", "include_stop_str_in_output", "truncate_prompt_tokens") { Neutral = ["0", "1", "-1"] },
    ];
}
