using HybridConversations.Cloud;
using HybridConversations.Escalations.Ledger.Sqlite;
using HybridConversations.Escalations.Settings;
using HybridConversations.Tests.Common;
using HybridConversations.Tests.Common.MisbehavingCloud;

namespace HybridConversations.Tests.Cloud;

public sealed class CloudEscalationTests
{
    [Fact]
    public async Task Settings_environment_and_data_folder_are_all_it_takes()
    {
        using var folder = new TemporaryFolder();
        await using var server = await MisbehavingServer.Start();
        var options = new CloudOptions { Kind = CloudKind.Compatible, BaseAddress = server.BaseAddress, Model = "m", Prices = new CloudPrices { Output = 1 } };
        await using (var cloud = CloudEscalation.Create(options, folder.Path, environment: name => name == "HC_CLOUD_KEY" ? "the-key" : null))
        {
            // Another endpoint of the same process keeps its books in the same ledger.
            await using var second = CloudEscalation.Create(options with { Name = "second" }, folder.Path, environment: name => name == "HC_CLOUD_KEY" ? "the-key" : null, ledger: cloud.Ledger);
            foreach (var escalation in (IEscalation[])[cloud.Escalation, second.Escalation])
            {
                await foreach (var e in escalation.Ask(new EscalationRequest("c", "t", [new ChatMessage("user", "Hi")], new SamplingOptions())))
                {
                    Assert.NotNull(e);
                }
            }

            Assert.Equal(0.000006m, (await second.Escalation.Status("t")).SpentToday);
            Assert.Equal(["second", "cloud"], (await cloud.Ledger.Tries(10)).Select(t => t.Endpoint));
        }

        Assert.All(server.Calls, c => Assert.Equal("Bearer the-key", c.Authorization));
        await using var again = new SqliteCostLedger(folder.Path);
        Assert.Equal(2, (await again.Days(DateOnly.MinValue, DateOnly.MaxValue)).Sum(day => day.Totals.Tries));
    }
}
