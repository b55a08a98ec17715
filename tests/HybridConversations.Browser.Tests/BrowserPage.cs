using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace HybridConversations.Browser.Tests;

/// <summary>A page, and everything that went wrong on it.</summary>
public sealed class BrowserPage : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly ConcurrentQueue<string> _faults = new();

    public BrowserPage(IBrowserContext context, IPage page, string host)
    {
        (_context, Page) = (context, page);
        page.SetDefaultTimeout(20_000);
        page.PageError += (_, error) => _faults.Enqueue(error);
        page.Console += (_, message) =>
        {
            if (message.Type == "error" && !message.Text.Contains("status of 4", StringComparison.Ordinal))
            {
                _faults.Enqueue(message.Text);
            }
        };
        page.Request += (_, request) =>
        {
            if (new Uri(request.Url) is { Scheme: not ("data" or "blob") } url && url.Host != host)
            {
                _faults.Enqueue($"It asked for {request.Url}.");
            }
        };
    }

    public IPage Page { get; }

    /// <summary>Scripts that broke, refusals of the content policy, requests to elsewhere.</summary>
    public IReadOnlyCollection<string> Faults => _faults;

    public ILocator this[string selector] => Page.Locator(selector);

    public Task Shows(string text) => Page.GetByText(text).First.WaitForAsync();

    /// <summary>True when nothing makes the page wider than its window.</summary>
    public Task<bool> FitsItsWidth() => Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth");

    /// <summary>A picture in the folder that HC_TEST_PICTURES names; nothing without it.</summary>
    public async Task Picture(string name)
    {
        if (Environment.GetEnvironmentVariable("HC_TEST_PICTURES") is { Length: > 0 } folder)
        {
            await Page.ScreenshotAsync(new() { Path = Path.Combine(folder, name + ".png") });
        }
    }

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();
}
