using Google.Protobuf;

namespace HybridConversations.EndToEnd.Tests.Observability;

/// <summary>A protocol-buffer message without its schema: the values of each field, by its number.</summary>
internal sealed class ProtoMessage
{
    private readonly Dictionary<uint, List<object>> _fields = [];

    public ProtoMessage(ByteString bytes)
    {
        var input = bytes.CreateCodedInput();
        while (input.ReadTag() is not 0 and var tag)
        {
            object value = (tag & 7) switch
            {
                0 => input.ReadUInt64(),
                1 => input.ReadFixed64(),
                2 => input.ReadBytes(),
                5 => (ulong)input.ReadFixed32(),
                var type => throw new InvalidOperationException($"A field of type {type} is in no OTLP message."),
            };
            _fields.TryAdd(tag >> 3, []);
            _fields[tag >> 3].Add(value);
        }
    }

    public IEnumerable<ProtoMessage> Messages(uint field) => All<ByteString>(field).Select(bytes => new ProtoMessage(bytes));

    /// <summary>All messages at the end of a way of fields.</summary>
    public IEnumerable<ProtoMessage> Messages(params uint[] way) => way.Aggregate((IEnumerable<ProtoMessage>)[this], (messages, field) => messages.SelectMany(message => message.Messages(field)));

    public string Text(uint field) => All<ByteString>(field).FirstOrDefault()?.ToStringUtf8() ?? "";

    public string Hex(uint field) => Convert.ToHexStringLower((All<ByteString>(field).FirstOrDefault() ?? ByteString.Empty).Span);

    public ulong Number(uint field) => All<ulong>(field).FirstOrDefault();

    public bool Has(uint field) => _fields.ContainsKey(field);

    private IEnumerable<T> All<T>(uint field) => _fields.TryGetValue(field, out var values) ? values.OfType<T>() : [];
}
