namespace HybridConversations.Bench.Tests;

public sealed class BenchOptionsTests
{
    [Fact]
    public void Right_options_have_no_errors() =>
        Assert.Empty(new BenchOptions { Url = new Uri("http://127.0.0.1:5080"), Against = new Uri("https://example.org/v1") }.Validate());

    [Fact]
    public void Every_error_is_told_at_once()
    {
        var options = new BenchOptions
        {
            Scenarios = ["mixd"],
            Against = null,
            StartAgainst = "serve",
            Runs = 0,
            Timeout = TimeSpan.Zero,
            Out = "/no/such/folder/report.json",
        };

        var errors = options.Validate();

        Assert.Equal(6, errors.Count);
        Assert.All((string[])["--url", "--start-against", "--runs 0", "--timeout 0", "mixd", "/no/such/folder"], part => Assert.Contains(errors, error => error.Contains(part)));
    }

    [Fact]
    public void An_address_that_is_not_HTTP_is_refused() =>
        Assert.Contains("--url ftp://x", Assert.Single(new BenchOptions { Url = new Uri("ftp://x") }.Validate()));
}
