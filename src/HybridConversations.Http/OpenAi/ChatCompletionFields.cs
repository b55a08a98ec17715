using HybridConversations.Http.Requests;

namespace HybridConversations.Http.OpenAi;

/// <summary>Every field of <c>POST /v1/chat/completions</c>, of OpenAI, llama-server and vLLM, and what becomes of it.</summary>
internal static class ChatCompletionFields
{
    public static FieldTable Table { get; } = new(
        "POST /v1/chat/completions",
        [
            new(FieldUse.Supported, "roles `system`, `developer`, `user`, `assistant`, `tool`; content as text or text parts, earlier calls and thoughts included; images and audio get 400", "messages"),
            new(FieldUse.Supported, "functions; the call's form is the model's", "tools", "tool_choice", "parallel_tool_calls"),
            new(FieldUse.Supported, "how much the model thinks, in the ways of OpenAI, vLLM and llama-server", "reasoning_effort", "enable_thinking", "thinking_budget", "chat_template_kwargs"),
            .. OpenAiFields.Sampling,
            new(FieldUse.Supported, "up to 20 alternatives", "logprobs", "top_logprobs"),
            new(FieldUse.Supported, "only `[\"text\"]`; anything else gets 400", "modalities"),
            .. OpenAiFields.NotHere,
            new(FieldUse.Refused, "functions are offered with tools and tool_choice", "functions", "function_call") { Neutral = ["\"none\"", "\"auto\""] },
            new(FieldUse.Refused, "the model reads and writes text only, and looks nothing up", "audio", "web_search_options"),
            new(FieldUse.Refused, "the model's own template writes the prompt; its variables go into chat_template_kwargs", "chat_template", "documents"),
            new(FieldUse.Refused, "an assistant's message at the end is continued, any other is answered", "continue_final_message", "add_generation_prompt") { Neutral = ["true"] },
            new(FieldUse.Ignored, "", "verbosity", "prediction", "reasoning_format", "include_reasoning", "parse_tool_calls") { Neutral = ["\"medium\"", "\"auto\"", "\"deepseek\"", "true"] },
        ]);
}
