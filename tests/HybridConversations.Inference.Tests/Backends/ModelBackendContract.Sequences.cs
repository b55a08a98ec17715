using HybridConversations.Inference.Backends;

namespace HybridConversations.Inference.Tests.Backends;

public abstract partial class ModelBackendContract
{
    [SkippableFact]
    public void A_removed_end_can_be_written_anew()
    {
        var backend = Create();
        var (old, other) = (Words(backend, 30, seed: 1), Words(backend, 10, seed: 2));
        Read(backend, 0, old);

        Assert.True(backend.RemoveRange(0, 20, -1));
        Assert.Equal(19, backend.MaxPosition(0));

        AssertAlike(Read(backend, 1, [.. old[..20], .. other]), Read(backend, 0, other));
    }

    [SkippableFact]
    public void A_copied_beginning_continues_on_its_own_and_takes_no_room_of_others()
    {
        var backend = Create(cells: 256);
        var (opening, mine, yours) = (Words(backend, 150), Words(backend, 20, seed: 1), Words(backend, 20, seed: 2));
        Read(backend, 0, opening);

        backend.CopyRange(0, 1, -1, 120);
        backend.CopyRange(0, 2, 0, 150);
        Assert.Equal(119, backend.MaxPosition(1));
        Assert.Equal(149, backend.MaxPosition(2));
        var (first, second) = (Read(backend, 1, mine), Read(backend, 2, yours));

        backend.RemoveRange(0, -1, -1);
        Assert.Equal(139, backend.MaxPosition(1));
        backend.RemoveRange(2, -1, -1);
        backend.RemoveRange(1, -1, -1);
        AssertAlike(Read(backend, 3, [.. opening[..120], .. mine]), first);
        backend.RemoveRange(3, -1, -1);
        AssertAlike(Read(backend, 3, [.. opening, .. yours]), second);
    }

    [SkippableFact]
    public void A_copy_over_positions_that_are_there_is_refused()
    {
        var backend = Create();
        Read(backend, 0, Words(backend, 20));
        Read(backend, 1, Words(backend, 5));

        Assert.Throws<InvalidOperationException>(() => backend.CopyRange(0, 1, 0, 10));
        backend.CopyRange(0, 1, 5, 10);

        Assert.Equal(9, backend.MaxPosition(1));
    }

    [SkippableFact]
    public void Copying_nothing_or_onto_itself_changes_nothing()
    {
        var backend = Create();
        Read(backend, 0, Words(backend, 10));

        backend.CopyRange(0, 0, -1, -1);
        backend.CopyRange(2, 1, -1, -1);
        backend.CopyRange(0, 1, 10, -1);

        Assert.Equal(9, backend.MaxPosition(0));
        Assert.Equal(-1, backend.MaxPosition(1));
    }

    [SkippableFact]
    public void Moved_positions_close_a_gap()
    {
        var backend = Create();
        Skip.IfNot(backend.Info.CanShift, "The model cannot shift its KV cells; one with rotary positions can (HC_TEST_MODEL).");
        var words = Words(backend, 40);
        Read(backend, 0, words);

        Assert.True(backend.RemoveRange(0, 10, 20));
        Assert.True(backend.ShiftRange(0, 20, -1, -10));
        Assert.Equal(29, backend.MaxPosition(0));

        // The moved tokens still carry what they saw of the removed ones: nobody else may go on from them.
        var moved = Read(backend, 0, words.AsSpan(0, 5));
        Assert.Equal(34, backend.MaxPosition(0));
        Assert.False(moved.AsSpan().SequenceEqual(Read(backend, 1, [.. words[..10], .. words[20..], .. words[..5]])));
    }

    [SkippableFact]
    public void Positions_moved_there_and_back_are_as_before()
    {
        var backend = Create();
        Skip.IfNot(backend.Info.CanShift, "The model cannot shift its KV cells; one with rotary positions can (HC_TEST_MODEL).");
        var words = Words(backend, 30);
        Read(backend, 0, words.AsSpan(0, 25));

        Assert.True(backend.ShiftRange(0, 0, -1, 100));
        Assert.Equal(124, backend.MaxPosition(0));
        Read(backend, 2, words); // a decode, at which llama.cpp turns the keys
        Assert.True(backend.ShiftRange(0, 100, -1, -100));

        var continued = Read(backend, 0, words.AsSpan(25));
        AssertAlike(Read(backend, 1, words), continued);
    }

    [SkippableFact]
    public void Shared_positions_are_not_moved()
    {
        var backend = Unified();
        Skip.IfNot(backend.Info.CanShift, "The model cannot shift its KV cells; one with rotary positions can (HC_TEST_MODEL).");
        var words = Words(backend, 30);
        Read(backend, 0, words.AsSpan(0, 20));
        backend.CopyRange(0, 1, 0, 10);
        backend.CopyRange(1, 2, 0, 5);

        Assert.False(backend.ShiftRange(0, 5, -1, 3));
        Assert.False(backend.ShiftRange(2, 0, -1, 3));
        Assert.True(backend.ShiftRange(0, 10, -1, 1));
        Assert.True(backend.ShiftRange(0, 11, -1, -1));

        backend.RemoveRange(1, -1, -1);
        Assert.True(backend.ShiftRange(0, 5, 10, 0), "Only the first five are still shared, with sequence 2.");
        Assert.False(backend.ShiftRange(0, 4, 10, 0));
        var continued = Read(backend, 0, words.AsSpan(20));
        AssertAlike(Read(backend, 3, words), continued);
    }

    [SkippableFact]
    public void A_saved_sequence_continues_in_another()
    {
        var backend = Create();
        var words = Words(backend, 40);
        Read(backend, 0, words.AsSpan(0, 30));
        var state = Save(backend, 0);
        var expected = Read(backend, 0, words.AsSpan(30));
        backend.RemoveRange(0, -1, -1);

        Assert.True(backend.RestoreSequence(3, state));

        Assert.Equal(29, backend.MaxPosition(3));
        Assert.Equal(-1, backend.MaxPosition(0));
        AssertSame(expected, Read(backend, 3, words.AsSpan(30)));
    }

    [SkippableFact]
    public void A_copied_sequence_is_saved_whole()
    {
        var backend = Create();
        var words = Words(backend, 40);
        Read(backend, 0, words.AsSpan(0, 20));
        backend.CopyRange(0, 1, 0, 20);
        Read(backend, 1, words.AsSpan(20, 10));
        var state = Save(backend, 1);
        var expected = Read(backend, 1, words.AsSpan(30));

        Assert.True(backend.RestoreSequence(2, state));

        AssertAlike(expected, Read(backend, 2, words.AsSpan(30)));
        Assert.Equal(19, backend.MaxPosition(0));
    }

    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void Moved_positions_are_saved_moved(bool full)
    {
        var backend = Create(cells: 256);
        Skip.IfNot(backend.Info.CanShift, "The model cannot shift its KV cells; one with rotary positions can (HC_TEST_MODEL).");
        var words = Words(backend, 60);
        Read(backend, 0, words.AsSpan(0, 50));
        backend.RemoveRange(0, 10, 20);
        backend.ShiftRange(0, 20, -1, -10);
        var before = Save(backend, 0);
        if (full)
        {
            backend.RemoveRange(0, -1, -1);
            Read(backend, 1, Words(backend, 206));
            Read(backend, 0, words.AsSpan(0, 50));
            backend.ShiftRange(0, 0, -1, 10);
            backend.ShiftRange(0, 10, -1, -10);
            before = Save(backend, 0);
            backend.RemoveRange(1, -1, -1);
        }

        var expected = Read(backend, 0, words.AsSpan(50));

        Assert.True(backend.RestoreSequence(2, before));
        AssertAlike(expected, Read(backend, 2, words.AsSpan(50)));
    }

    [SkippableFact]
    public void An_empty_sequence_is_saved_and_restored_empty()
    {
        var backend = Create();

        Assert.True(backend.RestoreSequence(1, Save(backend, 0)));

        Assert.Equal(-1, backend.MaxPosition(1));
    }

    [SkippableFact]
    public void A_state_that_is_none_is_refused_and_leaves_the_sequence_empty()
    {
        var backend = Create();
        Read(backend, 0, Words(backend, 20));
        var state = Save(backend, 0);
        byte[] longer = [.. state, 0];
        byte[] foreign = [.. state];
        foreign[6] ^= 1;

        foreach (var wrong in (byte[][])[[], [1, 2, 3], new byte[state.Length], state[..^1], state[..(state.Length / 2)], longer, foreign])
        {
            Assert.False(backend.RestoreSequence(1, wrong));
            Assert.Equal(-1, backend.MaxPosition(1));
        }

        Assert.True(backend.RestoreSequence(1, state));
        Assert.Equal(19, backend.MaxPosition(0));
    }

    [SkippableFact]
    public void A_state_without_room_is_refused()
    {
        var backend = Unified(cells: 256);
        var words = Words(backend, 160);
        Read(backend, 0, words.AsSpan(0, 150));
        var state = Save(backend, 0);

        Assert.False(backend.RestoreSequence(1, state));

        Assert.Equal(-1, backend.MaxPosition(1));
        Assert.Equal(149, backend.MaxPosition(0));
        var continued = Read(backend, 0, words.AsSpan(150));
        backend.RemoveRange(0, -1, -1);
        Assert.True(backend.RestoreSequence(1, state));
        AssertSame(continued, Read(backend, 1, words.AsSpan(150)));
    }

    [SkippableFact]
    public void Restoring_over_tokens_is_refused()
    {
        var backend = Create();
        Read(backend, 0, Words(backend, 5));
        var state = Save(backend, 0);

        Assert.Throws<InvalidOperationException>(() => backend.RestoreSequence(0, state));
        Assert.Throws<ArgumentException>(() => backend.SaveSequence(0, new byte[state.Length - 1]));

        Assert.Equal(4, backend.MaxPosition(0));
    }

    [SkippableFact]
    public void Sequences_are_used_again_many_times()
    {
        const int Sequences = 8;
        var backend = Create(cells: 256, sequences: Sequences);
        var expected = Read(backend, 0, Words(backend, 12));
        backend.RemoveRange(0, -1, -1);

        for (var conversation = 0; conversation < Sequences * 10; conversation++)
        {
            var sequence = conversation % Sequences;
            AssertSame(expected, Read(backend, sequence, Words(backend, 12)));
            Read(backend, sequence, Words(backend, 30, seed: conversation));
            Assert.True(backend.RemoveRange(sequence, -1, -1));
            Assert.Equal(-1, backend.MaxPosition(sequence));
        }
    }

    [SkippableFact]
    public void Work_after_disposal_is_refused()
    {
        var backend = Create();
        var batch = new TokenBatch(1);
        batch.Add(Words(backend, 1)[0], 0, 0, wantsLogits: true);
        backend.Dispose();

        backend.RequestAbort();
        Assert.Throws<ObjectDisposedException>(() => backend.Decode(batch));
        Assert.Throws<ObjectDisposedException>(() => backend.MaxPosition(0));
        Assert.Throws<ObjectDisposedException>(() => backend.Logits(0).Length);
    }

    private static byte[] Save(IModelBackend backend, int sequence)
    {
        var state = new byte[backend.SequenceStateSize(sequence)];
        return state.Length == backend.SaveSequence(sequence, state) ? state : throw new InvalidOperationException("The size was announced wrongly.");
    }
}
