using HybridConversations.Inference.Backends;

namespace HybridConversations.Inference.Tests.Backends;

/// <summary>What holds where each sequence has cells of its own.</summary>
public abstract partial class ModelBackendContract
{
    [SkippableFact]
    public void Each_sequence_has_room_of_its_own_and_no_more()
    {
        var backend = Separate();
        var words = Words(backend, 260);
        for (var sequence = 0; sequence < 4; sequence++)
        {
            Read(backend, sequence, words.AsSpan(0, 250));
        }

        var batch = new TokenBatch(8);
        batch.Add(words[250], 250, sequence: 0, wantsLogits: true);
        for (var position = 250; position < 257; position++)
        {
            batch.Add(words[position], position, sequence: 2, wantsLogits: false);
        }

        Assert.Equal(DecodeStatus.NoKvRoom, backend.Decode(batch));

        Assert.All(Enumerable.Range(0, 4), sequence => Assert.Equal(249, backend.MaxPosition(sequence)));
        Read(backend, 2, words.AsSpan(250, 6));
        Assert.Equal(255, backend.MaxPosition(2));
    }

    [SkippableFact]
    public void A_copy_that_has_no_room_is_refused_and_changes_nothing()
    {
        var backend = Separate();
        Skip.IfNot(backend.Info.CanShift, "The model cannot shift its KV cells; one with rotary positions can (HC_TEST_MODEL).");
        var words = Words(backend, 256);
        Read(backend, 0, words.AsSpan(0, 200));
        Read(backend, 1, words.AsSpan(0, 230));
        backend.ShiftRange(0, 0, -1, 230);

        Assert.Throws<InvalidOperationException>(() => backend.CopyRange(0, 1, 230, -1));

        Assert.Equal(229, backend.MaxPosition(1));
        var continued = Read(backend, 1, words.AsSpan(230, 20));
        AssertAlike(Read(backend, 2, words.AsSpan(0, 250)), continued);
    }

    [SkippableFact]
    public void A_beginning_comes_back_in_pieces()
    {
        var backend = Separate();
        var words = Words(backend, 200);
        Read(backend, 0, words.AsSpan(0, 180));
        for (var from = 0; from < 180; from += 64)
        {
            backend.CopyRange(0, 3, from, Math.Min(180, from + 64));
            var state = Save(backend, 3);
            backend.RemoveRange(3, -1, -1);
            Assert.True(backend.RestoreSequence(3, state));
            backend.CopyRange(3, 1, from, Math.Min(180, from + 64));
            backend.RemoveRange(3, -1, -1);
        }

        AssertAlike(Read(backend, 0, words.AsSpan(180)), Read(backend, 1, words.AsSpan(180)));
    }

    [SkippableTheory]
    [InlineData(0)]
    [InlineData(90)]
    public void Exchanged_sequences_go_on_under_each_others_number(int others)
    {
        var backend = Separate();
        var (mine, yours) = (Words(backend, 140, seed: 1), Words(backend, others + 10, seed: 2));
        Read(backend, 0, mine.AsSpan(0, 120));
        if (others > 0)
        {
            Read(backend, 2, yours.AsSpan(0, others));
        }

        backend.SwapSequences(0, 2);

        Assert.Equal(others - 1, backend.MaxPosition(0));
        Assert.Equal(119, backend.MaxPosition(2));
        AssertAlike(Read(backend, 1, mine), Read(backend, 2, mine.AsSpan(120)));
        AssertAlike(Read(backend, 3, yours), Read(backend, 0, yours.AsSpan(others)));
    }

    [SkippableFact]
    public void Copies_do_not_move_with_what_they_were_copied_from()
    {
        var backend = Separate();
        Skip.IfNot(backend.Info.CanShift, "The model cannot shift its KV cells; one with rotary positions can (HC_TEST_MODEL).");
        var words = Words(backend, 60);
        Read(backend, 0, words.AsSpan(0, 50));
        backend.CopyRange(0, 1, 0, 50);

        Assert.True(backend.RemoveRange(0, 10, 20));
        Assert.True(backend.ShiftRange(0, 20, -1, -10));
        backend.CopyRange(0, 2, 0, -1);

        Assert.Equal([39, 49, 39], Enumerable.Range(0, 3).Select(backend.MaxPosition));
        AssertAlike(Read(backend, 0, words.AsSpan(50)), Read(backend, 2, words.AsSpan(50)));
        AssertAlike(Read(backend, 3, words), Read(backend, 1, words.AsSpan(50)));
    }

    [SkippableFact]
    public void Sequences_of_a_unified_memory_are_not_exchanged()
    {
        var backend = Unified();

        Assert.Throws<InvalidOperationException>(() => backend.SwapSequences(0, 1));
    }
}
