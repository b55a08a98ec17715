namespace HybridConversations.Inference.Backends;

/// <summary>
/// A backend cannot start: its options, its native library or its model file will not do. The message says what was found, what is expected and what
/// to do; a command line shows it without a stack trace.
/// </summary>
public class BackendException(string message, Exception? inner = null) : Exception(message, inner);
