using System.Text;

namespace HybridConversations.Conversations;

/// <summary>Puts the pieces of a device's calls together.</summary>
public sealed class CallAssembly
{
    private readonly Dictionary<int, (DeviceToolCall Call, StringBuilder Arguments)> _begun = [];

    /// <summary>A call begins.</summary>
    public void Begin(DeviceToolCall call) => _begun[call.Index] = (call, new StringBuilder());

    /// <summary>The call when it is whole; null before. One that is cut off in the middle is none.</summary>
    public ToolCall? Add(DeviceToolArguments piece)
    {
        if (!_begun.TryGetValue(piece.Index, out var begun))
        {
            return null;
        }

        begun.Arguments.Append(piece.Text);
        if (!piece.IsEnd)
        {
            return null;
        }

        _begun.Remove(piece.Index);
        return new ToolCall(begun.Call.CallId, begun.Call.Name, begun.Arguments.Length > 0 ? begun.Arguments.ToString() : "{}");
    }
}
