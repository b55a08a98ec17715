using HybridConversations.Fleet;

namespace HybridConversations.Simulation.Fleet;

/// <summary>What devices and silos do: place, answer, report, fail.</summary>
public sealed partial class FleetSimulation
{
    /// <summary>
    /// Chooses the device of a turn as the fleet does: the conversation's silo is that of the device that holds its KV, or the one that would answer soonest by the gateway's
    /// reports; that silo knows its own device as it is now, and chooses. False when no device is there.
    /// </summary>
    private bool Place(Talk talk, double now)
    {
        var holder = _reports.IndexOf(talk.Holder);
        var host = holder >= 0 ? talk.Holder : HostOfNew(talk, now);
        if (host < 0)
        {
            return false;
        }

        var tokens = talk.Holder >= 0 ? talk.Tokens.Count : (int)_scenario.SaidTokens;
        var request = new PlacementRequest(_scenario.Sticky ? holder : -1, _scenario.Sticky ? _reports.IndexOf(host) : -1, tokens, talk.Model);
        var sent = _eyes.Sent(host);
        if (DevicePlacement.Choose(request, _reports.With(_eyes.HeardAt(host, now), host, sent), _placement, _draws.Random) is not { } choice)
        {
            return false;
        }

        talk.Device = _reports.DeviceAt(choice.Index);
        if (talk.Device != host)
        {
            sent?.Add(_devices[talk.Device].Id, choice.Index == holder ? 0 : tokens);
        }

        _tally.Placed += talk.Holder >= 0 ? 1 : 0;
        _tally.Stayed += talk.Holder >= 0 && talk.Device == talk.Holder ? 1 : 0;
        _tally.TurnCalls += 2 + (talk.ReplyTokens / StreamBatchTokens * (talk.Device == host ? 1 : 2)) + (talk.Device == host ? 0 : 2);
        return true;
    }

    /// <summary>Where a gateway lets a conversation live that no device holds; −1 for nowhere.</summary>
    private int HostOfNew(Talk talk, double now)
    {
        var gateway = _devices.Length + (talk.Id % _gateways);
        var sent = _eyes.Sent(gateway);
        var soonest = DevicePlacement.Soonest(new PlacementRequest(), _reports.With(_eyes.HeardAt(gateway, now), -1, sent), _placement, _draws.Random);
        if (soonest < 0)
        {
            return -1;
        }

        var host = _reports.DeviceAt(soonest);
        sent?.Add(_devices[host].Id, 0);
        return host;
    }

    private void SendToDevice(Talk talk, double now)
    {
        talk.Waiting = true;
        var disk = _devices[talk.Device].DiskSeconds(talk.Key);
        Schedule(now + disk + (_draws.Exponential(_scenario.NetworkMs) / 1000), What.Arrives, talk.Id, ++talk.Part);
    }

    private void Arrive(Talk talk, double now)
    {
        var device = _devices[talk.Device];
        if (device.Dead)
        {
            return; // nobody answers: found out with the device's death, and sent again then
        }

        (talk.Holder, talk.Model) = (talk.Device, device.Model);
        var tokens = talk.AwaitsTool ? ToolCallTokens : talk.ReplyTokens;
        talk.Generation = device.Submit(talk.Id, talk.Key, [.. talk.Tokens], _system.Length, tokens, now);
        if (talk is { BargesIn: true, AwaitsTool: false } && _draws.Happens(0.2))
        {
            // Most interrupt while they listen, when the answer is whole already; some before.
            Schedule(now + _draws.Exponential(1), What.BargesIn, talk.Id, talk.Part);
        }

        Wake(talk.Device, now);
        Look(talk.Device, now);
    }

    private void Wake(int index, double now)
    {
        var device = _devices[index];
        if (!device.Stepping)
        {
            device.Stepping = true;
            Schedule(Math.Max(now, device.Now), What.Steps, index, 0);
        }
    }

    private void Step(int index, double now)
    {
        var device = _devices[index];
        if (device.Dead)
        {
            device.Stepping = false;
            return;
        }

        var worked = device.Step(now);
        while (device.TakeEnded() is { } ended)
        {
            if (!_talks.TryGetValue(ended.Turn, out var talk))
            {
                continue;
            }

            if (ended.Result is { } result)
            {
                Answered(talk, result, device.Now);
            }
            else
            {
                _tally.Refused++;
                End(talk);
            }
        }

        device.Stepping = worked && device.Open > 0;
        if (device.Stepping)
        {
            Schedule(device.Now, What.Steps, index, 0);
        }
        else
        {
            // It goes on looking while it stands still.
            Schedule(device.Now + LoadNews.LookEvery.TotalSeconds, What.Looks, index, 0);
            Schedule(device.Now + ReportSeconds, What.Looks, index, 0);
        }

        Look(index, device.Now);
    }

    /// <summary>A device looks whether its load is news, at most so often, and reports it.</summary>
    private void Look(int index, double now)
    {
        if (now - _lookedAt[index] < LoadNews.LookEvery.TotalSeconds - 1e-6 || _devices[index].Dead)
        {
            return;
        }

        _lookedAt[index] = now;
        var status = _devices[index].Status();
        var isNews = LoadNews.IsNews(status, _reports.LastSaid(index));
        if (isNews || now - _reports.SaidAt(index) >= ReportSeconds - 1e-6)
        {
            _reports.Report(index, status, now, isNews);
        }
    }

    private void Fail(int index, double now)
    {
        var lost = _devices[index].Die();
        foreach (var id in lost)
        {
            if (_talks.TryGetValue(id, out var talk))
            {
                talk.Generation = null;
            }
        }

        Schedule(now + DetectSeconds, What.IsFoundDead, index, 0);
        if (_scenario.FailSeconds < 1e8)
        {
            Schedule(now + Math.Max(DetectSeconds, _scenario.FailSeconds), What.Returns, index, 0);
        }
    }

    /// <summary>What the dead device was answering, and what was sent to it since, is sent to others.</summary>
    private void FindDead(int index, double now)
    {
        _reports.Lose(index);
        foreach (var talk in _talks.Values.Where(talk => talk.Device == index).OrderBy(talk => talk.Id).ToList())
        {
            if (talk.Holder == index)
            {
                talk.Holder = -1;
            }

            if (talk.Waiting)
            {
                _tally.Retried++;
                if (Place(talk, now))
                {
                    SendToDevice(talk, now);
                }
                else
                {
                    _tally.Refused++;
                    End(talk);
                }
            }
        }
    }
}
