using System.Runtime.CompilerServices;
using HybridConversations.Http.Streaming;

namespace HybridConversations.Http.Tests.Streaming;

public sealed class PatientEnumeratorTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(1);

    /// <summary>Items that come about when the patience ends: before, after, and in that very moment.</summary>
    [Fact]
    public async Task An_item_that_comes_when_the_patience_ends_is_neither_lost_nor_an_error()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            await using var items = new PatientEnumerator<int>(stop => Numbers(500, stop), TimeProvider.System, CancellationToken.None);
            var expected = 0;
            while (await items.Next(Patience) is var arrival && arrival != Arrival.End)
            {
                if (arrival == Arrival.Item)
                {
                    Assert.Equal(expected++, items.Current);
                }
            }

            Assert.Equal(500, expected);
        }));
    }

    [Fact]
    public async Task A_source_that_times_out_has_failed()
    {
        await using var items = new PatientEnumerator<int>(stop => Broken(stop), TimeProvider.System, CancellationToken.None);
        var error = await Assert.ThrowsAsync<TimeoutException>(async () =>
        {
            while (await items.Next(TimeSpan.FromSeconds(30)) != Arrival.End)
            {
            }
        });
        Assert.Equal("of its own", error.Message);
    }

    private static async IAsyncEnumerable<int> Numbers(int count, [EnumeratorCancellation] CancellationToken stop)
    {
        for (var i = 0; i < count; i++)
        {
            await Task.Delay(Patience, stop);
            yield return i;
        }
    }

    private static async IAsyncEnumerable<int> Broken([EnumeratorCancellation] CancellationToken stop)
    {
        await Task.Delay(Patience, stop);
        yield return 1;
        await Task.Delay(Patience, stop);
        throw new TimeoutException("of its own");
    }
}
