using FsCheck;
using FsCheck.Fluent;
using HybridConversations.Inference.KvCache;

namespace HybridConversations.Inference.Tests.KvCache;

public sealed class StreamOrderTests
{
    [Fact]
    public void Exchanges_bring_together_who_runs_and_no_more_than_are_outside_are_needed() => Prop.ForAll(
        Gen.ListOf(Gen.Elements(true, false), 17).ToArbitrary(),
        running =>
        {
            var slots = running.Select((runs, id) => new KvSlot(id) { Running = runs }).ToArray();
            var count = running.Count(runs => runs);
            var fewest = Enumerable.Range(0, slots.Length - count + 1).Min(from => count - slots.Skip(from).Take(count).Count(slot => slot.Running));
            var swaps = 0;
            while (StreamOrder.Swap(slots, count) is var (outside, inside))
            {
                Assert.True(outside.Running && !inside.Running);
                (outside.Id, inside.Id) = (inside.Id, outside.Id);
                swaps++;
                Assert.True(swaps <= slots.Length);
            }

            int[] ids = [.. slots.Where(slot => slot.Running).Select(slot => slot.Id).Order()];
            Assert.Equal(count == 0 ? [] : Enumerable.Range(ids[0], count), ids);
            Assert.Equal(count == 0 ? 0 : fewest, swaps);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_shortest_are_exchanged()
    {
        var slots = Enumerable.Range(0, 6).Select(id => new KvSlot(id) { Running = id is 0 or 1 or 5 }).ToArray();
        slots[2].Add(1, 1);

        Assert.Equal((slots[5], slots[2]), StreamOrder.Swap(slots, 3));
    }
}
