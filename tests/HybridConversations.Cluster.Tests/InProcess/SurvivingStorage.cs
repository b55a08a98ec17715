using System.Collections.Concurrent;
using HybridConversations.Orleans.Storage.Serialization;
using Orleans.Storage;

namespace HybridConversations.Cluster.Tests.InProcess;

/// <summary>Grain storage that outlives silos, with tags as Redis's has, and faults on demand. Keeps bytes, so that every read goes through the serializer.</summary>
internal sealed class SurvivingStorage : IGrainStorage
{
    private static readonly RecordSerializer Serializer = new();
    private readonly ConcurrentDictionary<string, (BinaryData Data, string Tag)> _states = new();
    private long _tag;

    /// <summary>Called with the state's name before each write; may throw or wait.</summary>
    public Func<string, Task> BeforeWrite { get; set; } = _ => Task.CompletedTask;

    /// <summary>Called with the state's name after each write; throwing loses the answer, not the write.</summary>
    public Func<string, Task> AfterWrite { get; set; } = _ => Task.CompletedTask;

    public int Reads;
    public int Writes;
    public long BytesWritten;

    public IEnumerable<string> Keys => _states.Keys;

    public void Put(string key, string json) => _states[key] = (BinaryData.FromString(json), "put");

    public static string Key(string name, GrainId grain) => $"{grain}/{name}";

    public string Text(string key) => _states[key].Data.ToString();

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        Interlocked.Increment(ref Reads);
        if (_states.TryGetValue(Key(stateName, grainId), out var stored))
        {
            (grainState.State, grainState.ETag, grainState.RecordExists) = (Serializer.Deserialize<T>(stored.Data), stored.Tag, true);
        }
        else
        {
            (grainState.State, grainState.ETag, grainState.RecordExists) = (Activator.CreateInstance<T>(), null, false);
        }

        return Task.CompletedTask;
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        await BeforeWrite(stateName);
        var data = Serializer.Serialize(grainState.State);
        Interlocked.Increment(ref Writes);
        Interlocked.Add(ref BytesWritten, data.ToMemory().Length);
        var tag = Interlocked.Increment(ref _tag).ToString();
        var key = Key(stateName, grainId);
        lock (_states)
        {
            Check(key, grainState.ETag);
            _states[key] = (data, tag);
        }

        await AfterWrite(stateName);
        (grainState.ETag, grainState.RecordExists) = (tag, true);
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var key = Key(stateName, grainId);
        lock (_states)
        {
            Check(key, grainState.ETag);
            _states.TryRemove(key, out _);
        }

        (grainState.ETag, grainState.RecordExists) = (null, false);
        return Task.CompletedTask;
    }

    private void Check(string key, string? tag)
    {
        var stored = _states.TryGetValue(key, out var state) ? state.Tag : null;
        if (stored != tag)
        {
            throw new InconsistentStateException($"'{key}' has tag {stored}, not {tag}.");
        }
    }
}
