using HybridConversations.Inference.Templates.Runtime;

namespace HybridConversations.Inference.Templates.Filters;

/// <summary>A way down through mappings and lists, such as <c>function.name</c> or <c>items.0</c>.</summary>
internal static class MemberPath
{
    public static Value Find(Value item, string path)
    {
        Value? value = item;
        foreach (var part in path.Split('.'))
        {
            value = value switch
            {
                MapValue map => map.Entries.GetValueOrDefault(part),
                NamespaceValue space => space.Entries.GetValueOrDefault(part),
                ListValue list => Numbers.ParseInteger(part) is >= 0 and var at && at < list.Items.Count ? list.Items[(int)at] : null,
                _ => null,
            };
        }

        return value ?? UndefinedValue.Instance;
    }
}
