using HybridConversations.Storage;
using static Microsoft.Playwright.Assertions;

namespace HybridConversations.Browser.Tests;

[Collection(nameof(Browser))]
public sealed class DashboardTests(Browser browser)
{
    public static TheoryData<int, bool> Screens => new() { { 390, false }, { 390, true }, { 1440, false }, { 1440, true } };

    [SkippableTheory]
    [MemberData(nameof(Screens))]
    public async Task Thirty_devices_fit_a_phone_and_a_desk_and_trouble_comes_first(int width, bool dark)
    {
        await using var server = await Serve();
        server.Devices = Sample.Fleet(30);
        await using var page = await browser.Open(server, "#/fleet", width, dark: dark);
        await Expect(page[".devices > li"]).ToHaveCountAsync(30);
        await Expect(page[".devices > li strong"].First).ToHaveTextAsync("jetson-7");
        await page.Shows("12 requests wait behind 16 that run.");
        Assert.True(await page.FitsItsWidth());
        await page.Picture($"fleet-30-{width}-{(dark ? "dark" : "light")}");

        // One that is gone stays, with when and why.
        server.Devices = [.. server.Devices.Where(device => device.DeviceId is not ("jetson-6" or "jetson-12"))];
        await page.Shows("It was drained or stopped, and left.");
        await page.Shows("It was not heard of any more.");
        Assert.Empty(page.Faults);
    }

    [SkippableTheory]
    [MemberData(nameof(Screens))]
    public async Task One_device_is_told_with_its_last_minutes(int width, bool dark)
    {
        await using var server = await Serve();
        server.Clouds = [new EscalationStatus("azure", true, null, 1.25m, 31.5m, 2)];
        await using var page = await browser.Open(server, "#/fleet", width, dark: dark);
        await Expect(page[".devices > li"]).ToHaveCountAsync(1);
        await page.Picture($"fleet-1-{width}-{(dark ? "dark" : "light")}");
        await page.Page.Keyboard.PressAsync("Tab");
        await page[".devices a"].FocusAsync();
        await page.Page.Keyboard.PressAsync("Enter");
        await page.Shows("llama 3B Q4_K_M");

        // Live: what the device counts becomes a rate.
        for (var generated = 120_000; await page[".plot .key"].First.TextContentAsync() is "written –" or "written 0.0"; generated += 50)
        {
            server.Devices = [Sample.Device("jetson-1", generated: generated)];
            await page.Page.WaitForTimeoutAsync(100);
        }

        Assert.True(await page.FitsItsWidth());
        await page.Picture($"device-{width}-{(dark ? "dark" : "light")}");
        await page["nav >> text=Cloud"].ClickAsync();
        await page.Shows("31.50");
        await page.Picture($"cloud-{width}-{(dark ? "dark" : "light")}");
        Assert.Empty(page.Faults);
    }

    [SkippableTheory]
    [MemberData(nameof(Screens))]
    public async Task A_thousand_conversations_are_listed_searched_read_exported_and_deleted(int width, bool dark)
    {
        await using var server = await Serve();
        await Sample.Write(server.Store, 1000);
        await using var page = await browser.Open(server, "#/conversations", width, dark: dark);
        await page.Shows("Turn the light in the kitchen on (0)");
        await page.Picture($"conversations-{width}-{(dark ? "dark" : "light")}");
        Assert.True(await page.FitsItsWidth());

        // All the way down.
        var before = 0;
        for (int shown; (shown = await page[".conversations > li"].CountAsync()) < 1000; before = shown)
        {
            await Expect(page[".conversations > li"]).Not.ToHaveCountAsync(before);
            await page[".end"].ScrollIntoViewIfNeededAsync();
            await page.Page.EvaluateAsync("scrollTo(0, document.documentElement.scrollHeight); new Promise(requestAnimationFrame)");
        }

        await page["input[type=search]"].FillAsync("conversation 777");
        await Expect(page[".conversations > li"]).ToHaveCountAsync(1);
        await page["input[type=search]"].FillAsync("");
        await page["select[aria-label='Answered by']"].SelectOptionAsync("jetson-1");
        await Expect(page[".conversations > li"].Nth(1)).ToContainTextAsync("room-0003");
        await page["input[type=search]"].FillAsync("LÜBECK? (6)");
        await Expect(page[".conversations > li"]).ToHaveCountAsync(1);
        await page[".conversations a"].ClickAsync();
        await page.Shows("Reply 2 of conversation 6: done as you asked.");
        await page.Shows("KV of 180 tokens on jetson-1");
        await page.Shows("30 of 180 read, 150 resident");
        Assert.True(await page.FitsItsWidth());
        var download = await page.Page.RunAndWaitForDownloadAsync(() => page["text=Export"].ClickAsync());
        var lines = await File.ReadAllLinesAsync(await download.PathAsync());
        Assert.Equal(3, lines.Length);
        Assert.Contains("\"reply\":\"Reply 1 of conversation 6", lines[1]);
        await page["text=Delete…"].ClickAsync();
        await page.Shows("2 turns: every word that was said and answered");
        await page.Picture($"delete-{width}-{(dark ? "dark" : "light")}");
        await page["dialog >> text=Keep it"].ClickAsync();
        Assert.NotNull(await server.Archive.Read("room-0006", 0, 1));
        await page["text=Delete…"].ClickAsync();
        await page["dialog button.danger"].ClickAsync();
        await page.Page.WaitForURLAsync("**/#/conversations");
        Assert.Null(await server.Archive.Read("room-0006", 0, 1));
        Assert.Empty(page.Faults);
    }

    [SkippableTheory]
    [MemberData(nameof(Screens))]
    public async Task A_chat_streams_is_interrupted_and_opens_at_its_end(int width, bool dark)
    {
        await using var server = await Serve();
        await using var page = await browser.Open(server, "#/chat/kitchen", width, dark: dark);
        Assert.False(await page.Page.EvaluateAsync<bool>("isSecureContext"));
        await page["textarea"].FillAsync("First line");
        await page["textarea"].PressAsync("Shift+Enter");
        await page["textarea"].PressSequentiallyAsync("second line");
        await page["textarea"].PressAsync("Enter");
        var generation = await server.Model.NextGeneration();
        Assert.Equal("First line\nsecond line", generation.Request.Messages[^1].Content);
        generation.Say("Here is **bold**, `code` and a list:\n\n", "- one\n- two\n\n```csharp\nvar x = 1 < 2;\n```\n");
        await Expect(page[".reply strong"]).ToHaveTextAsync("bold");
        await Expect(page[".reply li"]).ToHaveCountAsync(2);
        generation.Finish(usage: new TokenUsage(120, 22, 100, 20, new ReusedTokens(Resident: 100)));
        await page.Shows("20 of 120 read, 100 resident");
        await Expect(page[".reply pre code"]).ToHaveTextAsync("var x = 1 < 2;");
        await page.Picture($"chat-{width}-{(dark ? "dark" : "light")}");
        Assert.True(await page.FitsItsWidth());

        await page["textarea"].FillAsync("Go on for ever");
        await page["text=Send"].ClickAsync();
        generation = await server.Model.NextGeneration();
        generation.Say("And then");
        await page.Shows("And then");
        await page["text=Stop"].ClickAsync();
        Assert.True(await generation.Ended);
        await page.Shows("interrupted");

        for (var i = 0; i < 40; i++)
        {
            server.Model.Script = request => [$"Answer {i}. " + string.Join(' ', Enumerable.Repeat("word", 60))];
            await foreach (var _ in server.Conversations.Get("kitchen").Say(new Turn { TurnId = $"t{i}", Text = $"Question {i}" }))
            {
            }
        }

        await page.Page.ReloadAsync();
        await Expect(page["text=Answer 39."]).ToBeInViewportAsync();
        await Expect(page["textarea"]).ToBeInViewportAsync();
        Assert.False(await page["text=Answer 0."].IsVisibleAsync());
        await page["text=Earlier turns"].ClickAsync();
        await Expect(page["text=First line"]).ToHaveCountAsync(1);
        Assert.Empty(page.Faults);
    }

    [SkippableFact]
    public async Task What_people_and_models_say_is_never_html()
    {
        const string Attack = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script> [a](javascript:document.title='owned') **<b>b</b>** `</code><i>`";
        await using var server = await Serve();
        await server.Store.Open("attack").Append(Sample.Turn(1, Attack, Attack + "\n\n| " + Attack + " | b |\n|---|---|\n| <u>u</u> | x |\n\n```<html>\n" + Attack + "\n```", Sample.Now) with
        {
            RouteReason = Attack,
            AnsweredBy = "<b>device</b>",
        }, new ConversationHead { Id = "attack", System = Attack, Turns = 1, LastSequence = 1, UpdatedAt = Sample.Now, Kv = new KvReference("<i>kv</i>", "", 1) });
        server.Devices = [Sample.Device("<img src=x onerror=alert(1)>")];
        server.Clouds = [new EscalationStatus("<b>cloud</b>", false, Attack, 0, 0, 0)];
        await using var page = await browser.Open(server, "#/conversations/attack");
        await page[".system summary"].ClickAsync();
        await page.Shows("javascript:document.title");
        await Expect(page[".reply"]).ToContainTextAsync("<script>document.title='owned'</script>");
        Assert.Equal(0, await page["main img, main script, main b b, main .turn i:not(.timing i), main u, main a[href^=javascript]"].CountAsync());
        foreach (var section in new[] { "conversations", "fleet", "cloud" })
        {
            await page[$"nav a[href='#/{section}']"].ClickAsync();
            await page[".conversations a, .devices .card"].First.WaitForAsync();
            Assert.Equal(0, await page["main img, main script"].CountAsync());
        }

        Assert.Equal("HybridConversations", await page.Page.TitleAsync());
        Assert.Empty(page.Faults);
    }

    [SkippableFact]
    public async Task A_hundred_devices_cost_little_to_show()
    {
        await using var server = await Serve();
        server.Devices = Sample.Fleet(100);
        await using var page = await browser.Open(server, "#/fleet", 390);
        await Expect(page[".devices > li"]).ToHaveCountAsync(100);
        await page["input[type=search]"].FillAsync("jetson-77");
        await Expect(page[".devices > li"]).ToHaveCountAsync(1);
        await page["input[type=search]"].FillAsync("");
        await Expect(page[".devices > li"]).ToHaveCountAsync(100);

        // Cards stay the same elements from one look to the next: nothing is built anew.
        await page.Page.EvaluateAsync("document.querySelectorAll('.devices > li').forEach(item => { item.mark = true; })");
        server.Devices = [.. Sample.Fleet(100).Select(device => device with { Load = device.Load with { Running = 7 } })];
        await page.Shows("7 run");
        Assert.True(await page.Page.EvaluateAsync<bool>("[...document.querySelectorAll('.devices > li')].every(item => item.mark)"));
        Assert.Empty(page.Faults);
    }

    [SkippableFact]
    public async Task Looking_wakes_no_conversation_and_asks_no_device()
    {
        await using var server = await Serve();
        await Sample.Write(server.Store, 5);
        await using var page = await browser.Open(server, "#/conversations");
        await page[".conversations a"].First.ClickAsync();
        await page.Shows("Reply 2 of conversation 0");
        Assert.Equal(0, server.Model.Generations);
        Assert.Empty(server.Model.Drafts);
    }

    private async Task<DashboardServer> Serve()
    {
        browser.SkipWithout();
        return await DashboardServer.Start();
    }
}
