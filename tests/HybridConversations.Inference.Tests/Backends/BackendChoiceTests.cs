using HybridConversations.Inference.Backends;
using Microsoft.Extensions.Logging;

namespace HybridConversations.Inference.Tests.Backends;

public sealed class BackendChoiceTests
{
    [Theory]
    [InlineData(null, "here", "here", "first")]
    [InlineData("", "here", "here", "first")]
    [InlineData(null, "its libraries are missing", "here", "second")]
    [InlineData("/lib/of/second", "another release", "here", "second")]
    public void Auto_takes_the_first_that_can(string? library, string first, string second, string chosen) =>
        Assert.Equal(chosen, BackendChoice.Choose("auto", library, [new Provider("first", first), new Provider("second", second)]).Name);

    [Fact]
    public void A_name_is_a_name_whether_it_can_or_not() =>
        Assert.Equal("first", BackendChoice.Choose("first", null, [new Provider("first", "missing"), new Provider("second", "here")]).Name);

    [Fact]
    public void When_none_can_each_says_why()
    {
        IBackendProvider[] providers = [new Provider("first", "no library."), new Provider("second", "no platform.")];

        var without = Assert.Throws<BackendException>(() => BackendChoice.Choose("auto", null, providers)).Message;
        var given = Assert.Throws<BackendException>(() => BackendChoice.Choose("auto", "/lib", providers)).Message;

        Assert.Contains("first: no library. second: no platform.", without);
        Assert.Contains("HC_LLAMA_LIB", given);
        Assert.Contains("release of first for --backend first, or release of second for --backend second", given);
    }

    [Fact]
    public void An_unknown_name_is_refused_with_the_known_ones() =>
        Assert.Contains("auto, first are allowed", Assert.Throws<BackendException>(() => BackendChoice.Choose("third", null, [new Provider("first", "here")])).Message);

    private sealed class Provider(string name, string state) : IBackendProvider
    {
        public string Name => name;
        public string Release => $"release of {name}";

        public string? WhyNot(string? library) => state == "here" ? null : state;

        public BackendProbe Examine() => throw new NotSupportedException();

        public Task<IModelBackend> Load(BackendOptions options, ILogger logger, CancellationToken cancellationToken = default) => throw new NotSupportedException();
    }
}
