namespace HybridConversations.Inference.LlamaCpp;

/// <summary>The KV memory: removing, sharing, moving, saving and restoring what sequences hold.</summary>
public sealed unsafe partial class LlamaBackend
{
    public bool RemoveRange(int sequence, int from, int to)
    {
        EnterSequence(sequence);
        var (start, end) = Ends(from, to);
        if (LlamaNative.llama_memory_seq_rm(_memory, sequence, start, end) == 0)
        {
            return false;
        }

        _shared.Remove(sequence, start, end);
        return true;
    }

    public void CopyRange(int source, int target, int from, int to)
    {
        EnterSequence(source);
        EnterSequence(target);
        var (start, end) = Ends(from, to);
        end = Math.Min(end, LlamaNative.llama_memory_seq_pos_max(_memory, source) + 1);
        if (source == target || start >= end)
        {
            return;
        }

        if (LlamaNative.llama_memory_seq_pos_max(_memory, target) is var last and >= 0 && last >= start && LlamaNative.llama_memory_seq_pos_min(_memory, target) < end)
        {
            throw new InvalidOperationException($"Sequence {target} already holds positions of [{start}, {end}): remove them before copying into it.");
        }

        LlamaNative.llama_memory_seq_cp(_memory, source, target, start, end);
        _shared.Copy(source, target, start, end);
    }

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

        if (delta != 0 && LlamaNative.llama_memory_seq_pos_max(_memory, sequence) >= start)
        {
            LlamaNative.llama_memory_seq_add(_memory, sequence, start, end, delta);
            _shiftPending = true;
        }

        return true;
    }

    public int MaxPosition(int sequence)
    {
        EnterSequence(sequence);
        return LlamaNative.llama_memory_seq_pos_max(_memory, sequence);
    }

    public long SequenceStateSize(int sequence)
    {
        EnterSequence(sequence);
        return SequenceStateHeader.Bytes + (long)LlamaNative.llama_state_seq_get_size(_context, sequence);
    }

    public long SaveSequence(int sequence, Span<byte> destination)
    {
        var size = SequenceStateSize(sequence);
        if (destination.Length < size)
        {
            throw new ArgumentException($"The state of sequence {sequence} needs {size} bytes and the buffer has {destination.Length}.", nameof(destination));
        }

        ApplyShift(sequence);
        fixed (byte* target = destination)
        {
            var written = (long)LlamaNative.llama_state_seq_get_data(_context, target + SequenceStateHeader.Bytes, (nuint)(size - SequenceStateHeader.Bytes), sequence);
            if (written != size - SequenceStateHeader.Bytes)
            {
                throw new InvalidOperationException($"llama.cpp wrote {written} bytes of sequence {sequence}'s state where it announced {size - SequenceStateHeader.Bytes}: {LlamaLog.LastErrors()}");
            }
        }

        _stateHeader.Write(destination, LlamaNative.llama_memory_seq_pos_max(_memory, sequence), size - SequenceStateHeader.Bytes);
        return size;
    }

    public bool RestoreSequence(int sequence, ReadOnlySpan<byte> source)
    {
        EnterSequence(sequence);
        if (LlamaNative.llama_memory_seq_pos_max(_memory, sequence) >= 0)
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

        var length = source.Length - SequenceStateHeader.Bytes;
        fixed (byte* state = source)
        {
            var read = LlamaNative.llama_state_seq_set_data(_context, state + SequenceStateHeader.Bytes, (nuint)length, sequence);
            if (read == (nuint)length && LlamaNative.llama_memory_seq_pos_max(_memory, sequence) == maxPosition)
            {
                return true;
            }
        }

        LlamaNative.llama_memory_seq_rm(_memory, sequence, -1, -1);
        return false;
    }

    /// <summary>
    /// llama.cpp turns the keys of moved positions at its next decode and saves them unturned until then, so decode one token behind the sequence and
    /// take it back. Without a free cell the decode finds no room, but the keys are turned by then.
    /// </summary>
    private void ApplyShift(int sequence)
    {
        if (!_shiftPending || LlamaNative.llama_memory_seq_pos_max(_memory, sequence) is var last && last < 0)
        {
            return;
        }

        var batch = new Backends.TokenBatch(1);
        batch.Add(token: 0, last + 1, sequence, wantsLogits: false);
        Array.Clear(_hasLogits);
        _abort.Masked = true;
        var status = LlamaNative.llama_decode(_context, _rows.Fill(batch));
        LlamaNative.llama_memory_seq_rm(_memory, sequence, last + 1, -1);
        _shiftPending = status is not (0 or 1) ? throw new Backends.BackendException($"llama.cpp could not move positions (status {status}): {LlamaLog.LastErrors()}") : false;
    }

    private void EnterSequence(int sequence)
    {
        ThrowIfDisposed();
        CheckSequence(sequence);
    }

    private static (int Start, int End) Ends(int from, int to) => (Math.Max(from, 0), to < 0 ? int.MaxValue : to);
}
