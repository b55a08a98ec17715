using System.Reflection;
using HybridConversations.Orleans.Clients;
using HybridConversations.Orleans.Contracts;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Metadata;
using Orleans.Serialization;
using Orleans.Serialization.TypeSystem;

namespace HybridConversations.Cluster.Tests.InProcess;

/// <summary>Silos of this release beside silos of a later one, whose grain interfaces have a higher version, as during an upgrade of device after device.</summary>
public sealed class TwoReleasesTests
{
    private const string Later = "Silo_1";

    [Fact]
    public async Task Silos_of_two_releases_answer_each_others_calls_and_conversations_move_between_them()
    {
        await using var fleet = await TestFleet.Start(2, configure: (name, silo) =>
        {
            if (name == Later)
            {
                silo.Services.AddSingleton<IGrainInterfacePropertiesProvider, LaterRelease>();
            }
        });
        var manifest = fleet.Service<IClusterManifestProvider>("Silo_0").Current;
        var versions = manifest.AllGrainManifests.SelectMany(m => m.Interfaces)
            .Where(pair => pair.Key.Value.ToString() == "hc.conversation").Select(pair => pair.Value.Properties[WellKnownGrainInterfaceProperties.Version]).Order();
        Assert.Equal(["1", "2"], versions);

        foreach (var from in (string[])["Silo_0", Later])
        {
            var grains = fleet.Service<IGrainFactory>(from);
            foreach (var to in (string[])["Silo_0", Later])
            {
                Assert.Equal(to, (await grains.GetGrain<IDeviceGrain>(to).Status()).DeviceId);
            }
        }

        // Begun at the old release, gone on with at the new one, and moved back, through callers of both.
        var (old, later) = (new OrleansConversations(fleet.Service<IGrainFactory>("Silo_0")), new OrleansConversations(fleet.Service<IGrainFactory>(Later)));
        fleet.Device(Later).Waiting = 50;
        await fleet.Knows(Later, waiting: 50);
        Assert.StartsWith("Silo_0:", (await later.Get("c").Whole("one")).Text);
        Assert.StartsWith("Silo_0:", (await old.Get("c").Whole("two")).Text);
        (fleet.Device(Later).Waiting, fleet.Device("Silo_0").Waiting) = (0, 50);
        await fleet.Knows(Later, waiting: 0);
        await fleet.Knows("Silo_0", waiting: 50);
        Assert.StartsWith(Later + ":", (await old.Get("c").Whole("three")).Text);
        Assert.StartsWith(Later + ":", (await later.Get("c").Whole("four")).Text);
        Assert.StartsWith(Later + ":9:", (await fleet.Conversations.Get("c").Whole("four again")).Text); // the client's release is the old one; all four turns were shown
        Assert.Equal(["one", "two", "three", "four", "four again"], (await old.Get("c").History()).Select(turn => turn.User));
        Assert.Equal(2, (await new OrleansFleet(fleet.Service<IGrainFactory>("Silo_0")).View()).Devices.Count);
        Assert.Equal(5, (await new OrleansHistory(fleet.Service<IGrainFactory>(Later)).Read("c", 0, 10))!.Turns.Count);
    }

    /// <summary>What travels is known by these names: one that is missing would break calls between releases. New ones are added to the file, none is ever changed.</summary>
    [Fact]
    public async Task The_names_of_methods_and_messages_are_those_of_the_release_before()
    {
        var assembly = typeof(IConversationGrain).Assembly;
        await using var services = new ServiceCollection().AddSerializer().BuildServiceProvider();
        var converter = services.GetRequiredService<TypeConverter>();
        var names = assembly.GetTypes().Where(type => type.IsDefined(typeof(CompoundTypeAliasAttribute))).Select(type => "call " + converter.Format(type))
            .Concat(assembly.GetTypes().SelectMany(type => type.GetCustomAttributes<AliasAttribute>()).Select(alias => "alias " + alias.Alias))
            .Distinct().Order(StringComparer.Ordinal).ToList();
        var before = (await File.ReadAllLinesAsync(Path.Combine(AppContext.BaseDirectory, "InProcess", "Fixtures", "names-release-1.txt"))).Where(line => line.Length > 0);
        Assert.True(before.All(names.Contains), $"Missing: {string.Join("; ", before.Except(names))}. There are:\n{string.Join('\n', names)}");
        Assert.NotEmpty(before);
    }

    private sealed class LaterRelease : IGrainInterfacePropertiesProvider
    {
        public void Populate(Type interfaceType, GrainInterfaceType grainInterfaceType, Dictionary<string, string> properties)
        {
            if (interfaceType.Assembly == typeof(IConversationGrain).Assembly)
            {
                properties[WellKnownGrainInterfaceProperties.Version] = "2";
            }
        }
    }
}
