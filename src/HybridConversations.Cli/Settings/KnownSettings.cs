namespace HybridConversations.Cli.Settings;

/// <summary>Every setting there is. A new one needs a line here and a member in <see cref="ServerSettings"/> or <see cref="ChatSettings"/>, read in its <c>Read</c>.</summary>
internal static class KnownSettings
{
    private const string OnOrOff = "on or off";

    public static Setting Model { get; } = new("model", "FILE", "The model to load.", "a GGUF file, or the name of one that was pulled (hc models list); default: models/demo.gguf of this repository");
    public static Setting Data { get; } = new("data", "DIR", "Folder of conversations and KV snapshots; made when it is missing.", "a folder; default: ~/.local/share/hybrid-conversations");
    public static Setting Urls { get; } = new("urls", "URLS", "Addresses to listen on.", "http(s)://ADDRESS:PORT, several separated by ';' or ','; default: http://127.0.0.1:5080");
    public static Setting AllowedHosts { get; } = new("allowed-hosts", "NAMES", "Further host names under which a connection to this machine's loopback address may ask, such as a proxy's.", "names, several separated by ';' or ',', '*.example.org' for those below, '*' for all; default: localhost, addresses, this machine's name");
    public static Setting AllowedOrigins { get; } = new("allowed-origins", "ORIGINS", "Origins whose pages may use the server from a browser.", "http(s)://HOST[:PORT], several separated by ';' or ',', or '*'; default: its own pages only");
    public static Setting HttpsCertificate { get; } = new("https-cert", "FILE", "Certificate of https addresses, those of the authorities between behind it; a renewed one counts within a minute.", "a PEM file; default: none");
    public static Setting HttpsKey { get; } = new("https-key", "FILE", "Private key of that certificate.", "a PEM file; default: none");
    public static Setting Context { get; } = new("context", "N", "KV cells (tokens) for all conversations together.", "0 (chosen for the model) or 256 to 4194304; default: 0");
    public static Setting Parallel { get; } = new("parallel", "N", "Replies generated at once; more wait their turn.", "1 to 128; default: 16");
    public static Setting Threads { get; } = new("threads", "N", "Processor threads for the model.", "0 (physical processors) to 1024; default: 0");
    public static Setting YieldCores { get; } = new("yield-cores", "on|off", "Compute with fewer threads while other programs want the processor.", $"{OnOrOff}; default: on") { IsSwitch = true };
    public static Setting GpuLayers { get; } = new("gpu-layers", "N", "Layers of the model on the GPU.", "-1 (all) to 10000; default: -1");
    public static Setting FlashAttention { get; } = new("flash-attention", "MODE", "Flash attention.", "auto, on or off; default: auto");
    public static Setting KvType { get; } = new("kv-type", "TYPE", "Number format of the KV memory; q8_0 takes about half of f16.", "f16 or q8_0; default: f16");
    public static Setting KvLayout { get; } = new("kv-layout", "LAYOUT", "Cells of its own for each of the --parallel replies (faster with several talkers, a conversation holds its part of --context at most), or one memory for all.", "auto (separate from about 2048 cells each, else unified), unified or separate; default: unified");
    public static Setting Batch { get; } = new("batch", "N", "Rows (tokens) in one batch.", "16 to 16384; default: 512");
    public static Setting MicroBatch { get; } = new("micro-batch", "N", "Rows computed at once inside a batch.", "16 to 16384, not above the batch; default: 256");
    public static Setting MemoryLock { get; } = new("mlock", "on|off", "Lock the weights in memory.", $"{OnOrOff}; default: off") { IsSwitch = true };
    public static Setting MemoryMap { get; } = new("mmap", "on|off", "Map the model file instead of reading it; the server ends when it is changed.", $"auto, {OnOrOff}; default: auto") { IsSwitch = true };
    public static Setting Backend { get; } = new("backend", "NAME", "What computes: llama.cpp bound directly (npm's libraries, the newer release), or LLamaSharp's (from NuGet).", "auto, llama.cpp or llamasharp; default: auto (the library in HC_LLAMA_LIB, else llama.cpp where its libraries are, else llamasharp)");
    public static Setting ParkedMegabytes { get; } = new("parked-mb", "N", "Host memory for the KV states of silent conversations, MiB.", "0 (parks nothing) to 1048576; default: 1024");
    public static Setting SnapshotMegabytes { get; } = new("snapshot-mb", "N", "Disk for KV snapshots, MiB; the least recently used conversations go first.", "0 (keeps none) to 1048576; default: 4096");
    public static Setting PinnedPrompts { get; } = new("pinned-prompts", "FILES", "Text files, each a system prompt that is kept ready across restarts.", $"files, several separated by ';', at most {Settings.PinnedPrompts.MaxFiles} of at most {Limits.MaxSystemCharacters} characters; default: none");
    public static Setting WarmUp { get; } = new("warm-up", "on|off", "At start bring system prompts and recent conversations back from disk, behind turns, and rehearse one.", $"{OnOrOff}; default: on") { IsSwitch = true };
    public static Setting TargetGap { get; } = new("target-gap-ms", "N", "Milliseconds aimed at between two tokens of a reply while prompts of others are read.", "0 (twice a step, 40 to 250) to 10000; default: 0");
    public static Setting PromptLookup { get; } = new("prompt-lookup", "on|off", "Guess tokens from the text so far where it pays.", $"{OnOrOff}; default: on") { IsSwitch = true };
    public static Setting ReserveMegabytes { get; } = new("reserve-mb", "N", "Memory that weights, KV and parked states must leave to other programs of this machine, such as a speech recogniser, MiB.", "0 to 1048576; default: 0");
    public static Setting SystemRoot { get; } = new("system-root", "DIR", "Where sys, proc, etc and var are, from which temperature, power, clocks and memory are read.", "a folder; default: /");
    public static Setting CloudUrl { get; } = new("cloud-url", "URL", "Cloud endpoint for hard questions, OpenAI's protocol; more in \"cloud\" of appsettings.json (docs/hybrid.md).", "http(s)://HOST/…/v1/; default: none");
    public static Setting CloudModel { get; } = new("cloud-model", "NAME", "Model (Azure: deployment) of the cloud endpoint.", "a name; default: none");
    public static Setting CloudThreshold { get; } = new("cloud-threshold", "P", "A turn goes to the cloud from this probability on that it is hard; lower sends more (docs/results/routing.md).", "above 0 and below 1; default: 0.25");
    public static Setting CloudShare { get; } = new("cloud-share", "S", "In place of the threshold: the share of all turns that may go to the cloud, a tenth of them being hard.", "above 0 to 1; default: none");
    public static Setting OpenTurns { get; } = new("open-turns", "N", "Turns answered or waiting at once; one more gets 503.", "1 to 100000; default: 256");
    public static Setting ShutdownSeconds { get; } = new("shutdown-seconds", "N", "What running turns get to end when the server stops.", "0 to 3600; default: 5");
    public static Setting RetentionHours { get; } = new("retention-hours", "N", "Forget conversations that nobody has used for so long.", "0 (never) to 876000; default: 0");
    public static Setting Log { get; } = new("log", "LEVEL", "What the log on standard error tells.", "debug, info, warning or error; default: info (chat: warning)");

    public static Setting Conversation { get; } = new("conversation", "ID", "Go on with this conversation.", "1 to 128 printable characters without '/'; default: a new one");
    public static Setting Once { get; } = new("once", "TEXT", "Say one thing, print the reply and leave.", "a text");
    public static Setting Url { get; } = new("url", "URL", "Talk to the server at this address instead of loading a model.", "http:// or https:// and an address");
    public static Setting Key { get; } = new("key", "KEY", "Key for the server at --url; better in HC_KEY.", "a key, as 'hc keys add' prints it");
    public static Setting System { get; } = new("system", "TEXT", "System prompt of a new conversation.", $"at most {Limits.MaxSystemCharacters} characters; default: the model's");
    public static Setting Temperature { get; } = new("temperature", "T", "How freely tokens are chosen; 0 always takes the likeliest.", "0 to 2; default: the model's");
    public static Setting TopP { get; } = new("top-p", "P", "Choose among the likeliest tokens whose probabilities sum to P.", "above 0 to 1; default: the model's");
    public static Setting TopK { get; } = new("top-k", "K", "Choose among the K likeliest tokens; 0 among all.", "0 to 1000000; default: the model's");
    public static Setting MinP { get; } = new("min-p", "P", "Choose among tokens at least P times as likely as the likeliest.", "0 to 1; default: the model's");
    public static Setting MaxTokens { get; } = new("max-tokens", "N", "Tokens of a reply at most.", "1 to 1000000; default: the model's");
    public static Setting Seed { get; } = new("seed", "N", "The same seed gives the same replies.", "a whole number; default: a fresh one");

    /// <summary>Who answers hard questions, and which are hard.</summary>
    public static IReadOnlyList<Setting> Cloud { get; } = [CloudUrl, CloudModel, CloudThreshold, CloudShare];

    /// <summary>What the engine is made with.</summary>
    public static IReadOnlyList<Setting> Engine { get; } =
        [Model, Data, Backend, Context, Parallel, Threads, YieldCores, GpuLayers, FlashAttention, KvType, KvLayout, Batch, MicroBatch, MemoryLock, MemoryMap,
            ParkedMegabytes, SnapshotMegabytes, ReserveMegabytes, SystemRoot, PinnedPrompts, WarmUp, TargetGap, PromptLookup, .. Cloud, Log];

    /// <summary>What only a server has.</summary>
    public static IReadOnlyList<Setting> Serving { get; } =
        [Urls, .. KeySettings.All, AllowedHosts, AllowedOrigins, HttpsCertificate, HttpsKey, RetentionHours, OpenTurns, ShutdownSeconds, .. ObservabilitySettings.All];

    /// <summary>What only a chat has.</summary>
    public static IReadOnlyList<Setting> Chatting { get; } = [Conversation, Once, Url, Key, System, Temperature, TopP, TopK, MinP, MaxTokens, Seed];

    /// <summary>Objects inside <c>"hc"</c> that other parts read.</summary>
    public static IReadOnlySet<string> Sections { get; } = new HashSet<string>(["cloud", "routing"], StringComparer.Ordinal);

    public static IEnumerable<Setting> All => [.. Engine, .. Serving, .. Chatting, .. FleetSettings.All];
}
