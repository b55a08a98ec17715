using Microsoft.Playwright;

namespace HybridConversations.Browser.Tests;

/// <summary>Debian's Chromium without a window. It finds a server on this machine also under a name that is no localhost, as a phone finds a Jetson.</summary>
public sealed class Browser : IAsyncLifetime
{
    /// <summary>A name over plain http, which browsers do not take for a secure context.</summary>
    public const string OtherName = "jetson.test";

    private static readonly string? Executable = new[] { Environment.GetEnvironmentVariable("HC_TEST_BROWSER"), "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome" }
        .FirstOrDefault(path => path is not null && File.Exists(path));

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async Task InitializeAsync()
    {
        if (Executable is null)
        {
            return;
        }

        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Executable,
            Args = ["--no-sandbox", "--disable-dev-shm-usage", $"--host-resolver-rules=MAP {OtherName} 127.0.0.1"],
        });
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }

    /// <summary>Skips the test where there is no browser.</summary>
    public void SkipWithout() => Skip.If(_browser is null, "No Chromium is installed (apt-get install chromium), and HC_TEST_BROWSER names none.");

    /// <summary>A page of its own.</summary>
    public async Task<BrowserPage> Open(DashboardServer server, string hash = "", int width = 1440, int height = 900, bool dark = false)
    {
        SkipWithout();
        var context = await _browser!.NewContextAsync(new()
        {
            ViewportSize = new() { Width = width, Height = height },
            ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light,
            IsMobile = width < 600,
            HasTouch = width < 600,
            AcceptDownloads = true,
        });
        var page = await context.NewPageAsync();
        var opened = new BrowserPage(context, page, server.Address.Host);
        await page.GotoAsync(new Uri(server.Address, "/" + hash).ToString());
        return opened;
    }
}

[CollectionDefinition(nameof(Browser))]
public sealed class BrowserCollection : ICollectionFixture<Browser>;
