namespace HybridConversations.Http.Ollama;

/// <summary>What a client of Ollama asked for.</summary>
/// <param name="Device">What the device is asked; null where nothing is to be said: the client wants the model loaded, or let go.</param>
/// <param name="Stream">As lines of JSON, else whole.</param>
/// <param name="Unload">It wants the model let go (<c>keep_alive: 0</c>).</param>
internal sealed record OllamaRequest(DeviceRequest? Device, bool Stream, bool Unload);
