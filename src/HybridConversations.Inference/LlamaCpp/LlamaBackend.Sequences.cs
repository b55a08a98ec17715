namespace HybridConversations.Inference.LlamaCpp;

/// <summary>The KV memory: removing, sharing, moving, saving and restoring what sequences hold.</summary>
public sealed partial class LlamaBackend
{
    /// <inheritdoc/>
    public bool RemoveRange(int sequence, int from, int to)
    {
        EnterSequence(sequence);
        var (start, end) = Ends(from, to);
        if (!_calls.Remove(sequence, start, end))
        {
            return false;
        }

        _shared.Remove(sequence, start, end);
        return true;
    }

    /// <inheritdoc/>
    public void CopyRange(int source, int target, int from, int to)
    {
        EnterSequence(source);
        EnterSequence(target);
        var (start, end) = Ends(from, to);
        end = Math.Min(end, _calls.LastPosition(source) + 1);
        if (source == target || start >= end)
        {
            return;
        }

        if (_calls.LastPosition(target) is var last and >= 0 && last >= start && _calls.FirstPosition(target) < end)
        {
            throw new InvalidOperationException($"Sequence {target} already holds positions of [{start}, {end}): remove them before copying into it.");
        }

        _calls.Copy(source, target, start, end);
        _shared.Copy(source, target, start, end);
    }

    /// <inheritdoc/>
    public bool ShiftRange(int sequence, int from, int to, int delta)
    {
        EnterSequence(sequence);
        var (start, end) = Ends(from, to);
        if (!Info.CanShift || _shared.Touches(sequence, start, end))
        {
            return false;
        }

        if (start + (long)delta < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(delta), delta, $"A shift of position {start} by {delta} leads below 0.");
        }

        if (delta != 0 && _calls.LastPosition(sequence) >= start)
        {
            _calls.Shift(sequence, start, end, delta);
            _shiftPending = true;
        }

        return true;
    }

    /// <inheritdoc/>
    public int MaxPosition(int sequence)
    {
        EnterSequence(sequence);
        return _calls.LastPosition(sequence);
    }

    /// <inheritdoc/>
    public long SequenceStateSize(int sequence)
    {
        EnterSequence(sequence);
        return SequenceStateHeader.Bytes + _calls.StateSize(sequence);
    }

    /// <inheritdoc/>
    public long SaveSequence(int sequence, Span<byte> destination)
    {
        var size = SequenceStateSize(sequence);
        if (destination.Length < size)
        {
            throw new ArgumentException($"The state of sequence {sequence} needs {size} bytes and the buffer has {destination.Length}.", nameof(destination));
        }

        ApplyShift(sequence);
        var length = size - SequenceStateHeader.Bytes;
        if (_calls.GetState(sequence, destination[SequenceStateHeader.Bytes..(int)size]) is var written && written != length)
        {
            throw new InvalidOperationException($"llama.cpp wrote {written} bytes of sequence {sequence}'s state where it announced {length}: {LlamaLog.LastErrors()}");
        }

        _stateHeader.Write(destination, _calls.LastPosition(sequence), length);
        return size;
    }

    /// <inheritdoc/>
    public bool RestoreSequence(int sequence, ReadOnlySpan<byte> source)
    {
        EnterSequence(sequence);
        if (_calls.LastPosition(sequence) >= 0)
        {
            throw new InvalidOperationException($"Sequence {sequence} is not empty: remove its positions before restoring into it.");
        }

        if (!_stateHeader.TryRead(source, out var maxPosition))
        {
            return false;
        }

        if (maxPosition < 0)
        {
            return true; // saved when empty
        }

        var state = source[SequenceStateHeader.Bytes..];
        if (_calls.SetState(sequence, state) == state.Length && _calls.LastPosition(sequence) == maxPosition)
        {
            return true;
        }

        _calls.Remove(sequence, 0, int.MaxValue);
        return false;
    }

    /// <summary>
    /// llama.cpp turns the keys of moved positions at its next decode and saves them unturned until then, so decode one token behind the sequence and
    /// take it back. Without a free cell the decode finds no room, but the keys are turned by then.
    /// </summary>
    private void ApplyShift(int sequence)
    {
        if (!_shiftPending || _calls.LastPosition(sequence) is var last && last < 0)
        {
            return;
        }

        var batch = new Backends.TokenBatch(1);
        batch.Add(token: 0, last + 1, sequence, wantsLogits: false);
        Array.Clear(_hasLogits);
        _abort.Masked = true;
        var status = _calls.Decode(_rows.Fill(batch, [0]));
        _calls.Remove(sequence, last + 1, int.MaxValue);
        _shiftPending = status is not (0 or 1) ? throw new Backends.BackendException($"llama.cpp could not move positions (status {status}): {LlamaLog.LastErrors()}") : false;
    }

    private void EnterSequence(int sequence)
    {
        ThrowIfDisposed();
        CheckSequence(sequence);
    }

    private static (int Start, int End) Ends(int from, int to) => (Math.Max(from, 0), to < 0 ? int.MaxValue : to);
}
