namespace HybridConversations.Inference.LlamaCpp;

/// <summary>The state that recurrent layers keep of a sequence, apart from its cells (llama.cpp's "partial" states).</summary>
public sealed unsafe partial class LlamaBackend
{
    private const uint PartialOnly = 1;

    /// <summary>The running state of a sequence that has none, as llama.cpp writes it: restoring it takes a sequence's away and leaves its cells.</summary>
    private byte[] _emptyState = [];

    /// <inheritdoc/>
    public long CheckpointSize(int sequence)
    {
        EnterSequence(sequence);
        return Info.HasRunningState ? SequenceStateHeader.Bytes + PartialSize(sequence) : 0;
    }

    /// <inheritdoc/>
    public long SaveCheckpoint(int sequence, Span<byte> destination)
    {
        var size = CheckpointSize(sequence);
        if (size == 0 || destination.Length < size)
        {
            throw new ArgumentException($"The running state of sequence {sequence} needs {size} bytes and the buffer has {destination.Length}.", nameof(destination));
        }

        if (GetPartial(sequence, destination[SequenceStateHeader.Bytes..(int)size]) is var written && written != size - SequenceStateHeader.Bytes)
        {
            throw new InvalidOperationException($"llama.cpp wrote {written} bytes of sequence {sequence}'s running state where it announced {size}: {LlamaLog.LastErrors()}");
        }

        _stateHeader.Write(destination, _calls.LastPosition(sequence), size - SequenceStateHeader.Bytes);
        return size;
    }

    /// <inheritdoc/>
    public bool RestoreCheckpoint(int sequence, ReadOnlySpan<byte> source)
    {
        EnterSequence(sequence);
        if (!Info.HasRunningState || !_stateHeader.TryRead(source, out var last) || last < 0)
        {
            return false;
        }

        var state = source[SequenceStateHeader.Bytes..];
        if (SetPartial(sequence, state) == state.Length && _calls.LastPosition(sequence) == last)
        {
            return true;
        }

        DropState(sequence);
        return false;
    }

    /// <summary>While everything is empty: keeps what that looks like.</summary>
    private void KeepEmptyState()
    {
        if (Info.HasRunningState)
        {
            _emptyState = new byte[PartialSize(0)];
            if (GetPartial(0, _emptyState) != _emptyState.Length)
            {
                throw new Backends.BackendException($"llama.cpp could not save the running state of an empty sequence: {LlamaLog.LastErrors()}");
            }
        }
    }

    /// <summary>Takes a sequence's running state away; its cells stay.</summary>
    private void DropState(int sequence)
    {
        if (SetPartial(sequence, _emptyState) != _emptyState.Length || _calls.LastPosition(sequence) != -1)
        {
            throw new Backends.BackendException($"llama.cpp could not take the running state of sequence {sequence} away: {LlamaLog.LastErrors()}");
        }
    }

    private long PartialSize(int sequence) => (long)_symbols.StateSize(_calls.ContextPointer, sequence, PartialOnly);

    private long GetPartial(int sequence, Span<byte> destination)
    {
        fixed (byte* target = destination)
        {
            return (long)_symbols.GetState(_calls.ContextPointer, target, (nuint)destination.Length, sequence, PartialOnly);
        }
    }

    private long SetPartial(int sequence, ReadOnlySpan<byte> source)
    {
        fixed (byte* state = source)
        {
            return (long)_symbols.SetState(_calls.ContextPointer, state, (nuint)source.Length, sequence, PartialOnly);
        }
    }
}
