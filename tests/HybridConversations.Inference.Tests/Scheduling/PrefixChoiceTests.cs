using HybridConversations.Inference.Scheduling;

namespace HybridConversations.Inference.Tests.Scheduling;

public sealed class PrefixChoiceTests
{
    [Theory]
    [InlineData(null, 0, false, 0, 0, "Empty 0 None 0")]
    [InlineData(500, 0, false, 0, 0, "Own 0 None 0")]
    [InlineData(500, 600, true, 0, 0, "Own 600 None 0")]
    [InlineData(null, 600, true, 0, 0, "Donor 0 None 0")]
    [InlineData(null, 600, false, 0, 0, "Empty 600 None 0")]
    [InlineData(500, 0, false, 531, 0, "Own 0 None 0")]
    [InlineData(500, 0, false, 532, 0, "Own 0 Parked 532")]
    [InlineData(500, 0, false, 532, 563, "Own 0 Parked 532")]
    [InlineData(500, 0, false, 532, 564, "Own 0 Disk 564")]
    [InlineData(null, 600, true, 700, 0, "Empty 600 Parked 700")]
    [InlineData(null, 0, false, 0, 32, "Empty 0 Disk 32")]
    [InlineData(null, 0, false, 0, 31, "Empty 0 None 0")]
    public void The_nearest_tier_is_taken_unless_another_brings_enough_more(int? own, int donor, bool free, int parked, int disk, string expected)
    {
        var choice = PrefixChoice.Of(new PrefixOffer(own, donor, free, parked, disk), worthwhile: 32);

        Assert.Equal(expected, $"{choice.Slot} {choice.Shared} {choice.Saved} {choice.SavedLength}");
    }
}
