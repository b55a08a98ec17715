using System.Diagnostics;
using System.Globalization;
using System.Net;
using HybridConversations.Client.Wire;

namespace HybridConversations.Cli.Doctor;

/// <summary>A running server or fleet, looked at from outside: does it answer, is it ready, how are its devices and its cloud, does the key open it?</summary>
internal sealed class ServerCheck(HttpClient http)
{
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);

    public async Task<IReadOnlyList<Finding>> Examine(CancellationToken cancellationToken)
    {
        var findings = new List<Finding>();
        if (await Reach(findings, cancellationToken))
        {
            await Ready(findings, cancellationToken);
            await Fleet(findings, cancellationToken);
            await Conversations(findings, cancellationToken);
        }

        return findings;
    }

    private async Task<bool> Reach(List<Finding> findings, CancellationToken cancellationToken)
    {
        const string Subject = "server";
        var watch = Stopwatch.StartNew();
        try
        {
            using var answer = await http.GetAsync("health/live", cancellationToken);
            var detail = string.Create(CultureInfo.InvariantCulture, $"{http.BaseAddress} answers in {watch.Elapsed.TotalMilliseconds:0} ms");
            if (answer.Content.Headers.ContentType?.MediaType is not ("application/json" or "application/problem+json"))
            {
                findings.Add(Finding.Missing(Subject, $"{http.BaseAddress} answers, and is no HybridConversations server", "Check the address, and what stands in front of it."));
                return false;
            }

            findings.Add(!answer.IsSuccessStatusCode ? Finding.Missing(Subject, $"{http.BaseAddress}: {await Why(answer, cancellationToken)}", "Restart the process; its log says more.")
                : watch.Elapsed > Slow ? Finding.Note(Subject, detail, "That is slow: look at the network between here and there, and at the machine's load.")
                : Finding.Ok(Subject, detail));
            if (answer.Headers.Date is { } there && (there - TimeProvider.System.GetUtcNow()).Duration() is var skew && skew > Skew)
            {
                findings.Add(Finding.Note("clock", string.Create(CultureInfo.InvariantCulture, $"it differs from here by {skew.TotalMinutes:0} min"), "Budgets go by UTC days, and traces by the clock: set it by NTP."));
            }

            return true;
        }
        catch (Exception error) when (error is HttpRequestException || (error is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            findings.Add(Finding.Missing(Subject, $"{http.BaseAddress} does not answer: {error.Message}", "Is 'hc serve' or 'hc join' running there, and does it listen on that address (--urls)?"));
            return false;
        }
    }

    private async Task Ready(List<Finding> findings, CancellationToken cancellationToken)
    {
        using var answer = await http.GetAsync("health/ready", cancellationToken);
        findings.Add(answer.IsSuccessStatusCode ? Finding.Ok("ready", "turns are welcome") : Finding.Missing("ready", await Why(answer, cancellationToken), "Wait until it has started; else its log says why."));
    }

    private async Task Fleet(List<Finding> findings, CancellationToken cancellationToken)
    {
        using var answer = await http.GetAsync("fleet", cancellationToken);
        if (!answer.IsSuccessStatusCode)
        {
            findings.Add(Refused("fleet", answer.StatusCode, await Why(answer, cancellationToken)));
            return;
        }

        var view = (await answer.Content.ReadFromJsonAsync(WireJson.Answers.FleetView, cancellationToken))!;
        if (view.Devices.Count == 0)
        {
            findings.Add(Finding.Missing("devices", "none has joined", "Start one: hc join --device ID --redis HOST:PORT"));
        }

        foreach (var device in view.Devices)
        {
            findings.Add(Of(device));
        }

        foreach (var cloud in view.Escalations)
        {
            var spent = string.Create(CultureInfo.InvariantCulture, $"{cloud.SpentToday:0.####} spent today, {cloud.SpentThisMonth:0.####} this month");
            findings.Add(cloud.Available
                ? Finding.Ok($"cloud {cloud.Endpoint}", $"available, {spent}")
                : Finding.Note($"cloud {cloud.Endpoint}", $"{cloud.Reason} ({spent})", "Devices answer meanwhile. A budget is set in \"cloud\".\"budgets\" (docs/hybrid.md)."));
        }
    }

    private static Finding Of(DeviceStatus device)
    {
        var subject = $"device {device.DeviceId}";
        var detail = string.Create(CultureInfo.InvariantCulture,
            $"{device.Model.Name}, {device.Load.Running} run, {device.Load.Waiting} wait, {100.0 * device.Load.KvCellsUsed / Math.Max(1, device.Load.KvCells):0} % of the KV memory");
        return device switch
        {
            { State: DeviceState.Failed or DeviceState.Hanging } => Finding.Missing(subject, $"{device.State.ToString().ToLowerInvariant()} ({detail})", "Restart its process; its log says why."),
            { State: not DeviceState.Ready } => Finding.Note(subject, $"{device.State.ToString().ToLowerInvariant()} ({detail})", "It takes no new turns."),
            { Sensors.Throttled: true } => Finding.Note(subject, $"slowed down to keep it cool ({detail})", "Cool the board better, or choose a lower power mode (nvpmodel)."),
            _ when device.Load.Waiting > device.Load.QueueLimit / 2 => Finding.Note(subject, $"its queue is half full ({detail})", "Add a device, or send less."),
            _ => Finding.Ok(subject, detail),
        };
    }

    private async Task Conversations(List<Finding> findings, CancellationToken cancellationToken)
    {
        using var answer = await http.GetAsync("conversations?limit=1", cancellationToken);
        findings.Add(answer.IsSuccessStatusCode ? Finding.Ok("storage", "conversations can be read") : Refused("storage", answer.StatusCode, await Why(answer, cancellationToken)));
    }

    private static Finding Refused(string subject, HttpStatusCode status, string why) => status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden
        ? Finding.Missing(subject, why, "Give a key: HC_KEY or --key. 'hc keys add' makes one.")
        : Finding.Missing(subject, why, "The server's log says more.");

    private static async Task<string> Why(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        try
        {
            return (await answer.Content.ReadFromJsonAsync(WireJson.Answers.ProblemDocument, cancellationToken))!.ToProblem().Detail;
        }
        catch (Exception error) when (error is System.Text.Json.JsonException or NotSupportedException or InvalidOperationException)
        {
            return $"it answers {(int)answer.StatusCode}";
        }
    }
}
