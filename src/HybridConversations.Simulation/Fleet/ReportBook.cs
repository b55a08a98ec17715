using System.Collections;
using HybridConversations.Fleet;
using HybridConversations.Simulation.Devices;

namespace HybridConversations.Simulation.Fleet;

/// <summary>
/// What silos know of devices: the last reports of each, as old as the asking silo's own last report, and what that silo has sent since. Devices that were found dead are not
/// there. As a list it is what placement looks at, the asking silo's own device as it is now.
/// </summary>
internal sealed class ReportBook : IReadOnlyList<PlacementCandidate>
{
    private readonly SimulatedDevice[] _devices;
    private readonly (double At, DeviceStatus Status)[] _last;
    private readonly (double At, DeviceStatus Status)[] _before;
    private readonly List<int> _there;
    private readonly int[] _place;
    private double _asOf;
    private int _own = -1;
    private SentTurns? _sent;

    public ReportBook(SimulatedDevice[] devices)
    {
        _devices = devices;
        _last = [.. devices.Select(device => (0.0, device.Status()))];
        _before = [.. _last];
        _there = [.. Enumerable.Range(0, devices.Length)];
        _place = [.. _there];
    }

    /// <summary>Reports that were made before their time.</summary>
    public long News { get; private set; }

    public int Count => _there.Count;

    public PlacementCandidate this[int index]
    {
        get
        {
            var device = _there[index];
            if (device == _own)
            {
                return new PlacementCandidate(_devices[device].Status(), default);
            }

            var (at, status) = _last[device].At <= _asOf ? _last[device] : _before[device];
            return new PlacementCandidate(status, _sent?.Since(status.DeviceId, DeviceClock.Ticks(at)) ?? default);
        }
    }

    public DeviceStatus LastSaid(int device) => _last[device].Status;

    public double SaidAt(int device) => _last[device].At;

    /// <summary>A device says how it is.</summary>
    public void Report(int device, DeviceStatus status, double at, bool isNews)
    {
        News += isNews ? 1 : 0;
        _before[device] = _last[device];
        _last[device] = (at, status);
    }

    /// <summary>Looks with the eyes of a silo that reported last at <paramref name="asOf"/>, has the device <paramref name="own"/> (−1 for none) and has sent <paramref name="sent"/>.</summary>
    public ReportBook With(double asOf, int own, SentTurns? sent)
    {
        (_asOf, _own, _sent) = (asOf, own, sent);
        return this;
    }

    /// <summary>Index of a device in the list; −1 when it is not there.</summary>
    public int IndexOf(int device) => device >= 0 ? _place[device] : -1;

    public int DeviceAt(int index) => _there[index];

    public void Lose(int device)
    {
        if (_place[device] >= 0)
        {
            var last = _there[^1];
            (_there[_place[device]], _place[last]) = (last, _place[device]);
            _there.RemoveAt(_there.Count - 1);
            _place[device] = -1;
        }
    }

    public void Return(int device)
    {
        if (_place[device] < 0)
        {
            _place[device] = _there.Count;
            _there.Add(device);
        }
    }

    public IEnumerator<PlacementCandidate> GetEnumerator() => Enumerable.Range(0, Count).Select(i => this[i]).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
