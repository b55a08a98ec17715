using System.Runtime.ExceptionServices;

namespace HybridConversations.Inference.Templates.Runtime;

/// <summary>Stable sorting by a key.</summary>
internal static class Sorting
{
    public static IReadOnlyList<Value> Sort(IReadOnlyList<Value> items, Func<Value, Value> key, Ordering ordering, Meter meter)
    {
        meter.Step(items.Count * (2 + (long)Math.Log2(items.Count + 1)));
        try
        {
            return [.. items.OrderBy(key, ordering)];
        }
        catch (InvalidOperationException wrapped) when (wrapped.InnerException is TemplateException fault)
        {
            ExceptionDispatchInfo.Throw(fault);
            throw;
        }
    }
}
