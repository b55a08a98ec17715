using System.Text;
using HybridConversations.Escalations.Endpoints;

namespace HybridConversations.Escalations.Calls;

/// <summary>Puts the pieces of a reply's calls together. They are whole when the reply has ended in order.</summary>
internal sealed class CloudCalls
{
    private readonly SortedDictionary<int, Begun> _begun = [];

    public bool Any => _begun.Count > 0;

    public void Add(CloudCallPart part)
    {
        if (!_begun.TryGetValue(part.Index, out var call))
        {
            _begun[part.Index] = call = new Begun();
        }

        call.CallId ??= NotEmpty(part.CallId);
        call.Name ??= NotEmpty(part.Name);
        call.Arguments.Append(part.Arguments);
    }

    /// <summary>The calls that can be carried out; one whose arguments are no JSON object was cut off, or is none.</summary>
    public IReadOnlyList<ToolCall> Whole() =>
        [.. _begun.Values.Where(call => call.Name is not null && JsonObjectText.IsValid(call.Text)).Select(call => new ToolCall(call.CallId ?? "", call.Name!, call.Text))];

    private static string? NotEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private sealed class Begun
    {
        public string? CallId { get; set; }
        public string? Name { get; set; }
        public StringBuilder Arguments { get; } = new();

        /// <summary>A function without parameters is called with nothing at all by some.</summary>
        public string Text => Arguments.Length == 0 ? "{}" : Arguments.ToString();
    }
}
