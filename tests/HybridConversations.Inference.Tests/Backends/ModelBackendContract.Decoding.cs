using HybridConversations.Inference.Backends;

namespace HybridConversations.Inference.Tests.Backends;

public abstract partial class ModelBackendContract
{
    [SkippableFact]
    public void A_text_read_in_one_batch_or_in_chunks_gives_the_same_logits()
    {
        var backend = Create();
        var words = Words(backend, 60);

        var whole = Read(backend, 0, words);

        AssertAlike(whole, Read(backend, 1, words, chunk: 7));
        AssertAlike(whole, Read(backend, 2, words, chunk: 1));
        AssertOther(whole, Read(backend, 3, words.AsSpan(0, 59)));
    }

    [SkippableFact]
    public void Every_row_of_a_sequence_may_ask_for_logits()
    {
        var backend = Create(sequences: 1, batch: 64);
        var words = Words(backend, 64);
        var batch = new TokenBatch(64);
        for (var index = 0; index < words.Length; index++)
        {
            batch.Add(words[index], index, sequence: 0, wantsLogits: true);
        }

        var rows = Decode();
        backend.RemoveRange(0, -1, -1);
        var again = Decode();
        backend.RemoveRange(0, -1, -1);
        for (var index = 0; index < words.Length; index++)
        {
            AssertSame(rows[index], again[index]);
            var alone = Read(backend, 0, words.AsSpan(index, 1));
            AssertAlike(alone, rows[index]);

            // Its own row and no other's, however the kernels round. (The same word elsewhere in a text that repeats itself is too much alike.)
            Assert.Equal(index, Enumerable.Range(0, words.Length).Where(row => row == index || words[row] != words[index]).MinBy(row => Distance(alone, rows[row])));
        }

        float[][] Decode()
        {
            Assert.Equal(DecodeStatus.Ok, backend.Decode(batch));
            return [.. Enumerable.Range(0, words.Length).Select(row => backend.Logits(row).ToArray())];
        }
    }

    [SkippableFact]
    public void Rows_keep_their_index_when_only_some_ask_for_logits()
    {
        var backend = Create();
        var (first, second) = (Words(backend, 20, seed: 1), Words(backend, 20, seed: 2));
        var batch = new TokenBatch(40);
        for (var index = 0; index < 20; index++)
        {
            batch.Add(first[index], index, sequence: 3, wantsLogits: index is 4 or 19);
            batch.Add(second[index], index, sequence: 1, wantsLogits: index == 19);
        }

        Assert.Equal(DecodeStatus.Ok, backend.Decode(batch));
        var (early, last, other) = (backend.Logits(8).ToArray(), backend.Logits(38).ToArray(), backend.Logits(39).ToArray());

        backend.RemoveRange(1, -1, -1);
        backend.RemoveRange(3, -1, -1);
        Assert.Equal(DecodeStatus.Ok, backend.Decode(batch));
        AssertSame(early, backend.Logits(8));
        AssertSame(last, backend.Logits(38));
        AssertSame(other, backend.Logits(39));
        float[][] found = [early, last, other];
        float[][] alone = [Read(backend, 0, first.AsSpan(0, 5)), Read(backend, 0, first.AsSpan(5)), Read(backend, 2, second)];
        for (var index = 0; index < alone.Length; index++)
        {
            AssertAlike(alone[index], found[index]);
            Assert.Equal(index, Enumerable.Range(0, found.Length).MinBy(row => Distance(alone[index], found[row])));
        }
    }

    [SkippableFact]
    public void Logits_exist_only_for_rows_that_asked()
    {
        var backend = Create();
        var batch = new TokenBatch(2);
        batch.Add(Words(backend, 1)[0], 0, 0, wantsLogits: false);
        batch.Add(Words(backend, 1)[0], 1, 0, wantsLogits: true);
        Assert.Throws<InvalidOperationException>(() => backend.Logits(0).Length);

        Assert.Equal(DecodeStatus.Ok, backend.Decode(batch));

        Assert.Equal(backend.Info.VocabularySize, backend.Logits(1).Length);
        foreach (var row in (int[])[-1, 0, 2, int.MaxValue])
        {
            Assert.Throws<InvalidOperationException>(() => backend.Logits(row).Length);
        }
    }

    [SkippableFact]
    public void Sequences_in_one_batch_do_not_hear_each_other()
    {
        var backend = Create();
        var alone = Enumerable.Range(0, 3).Select(seed =>
        {
            var logits = Read(backend, 3, Words(backend, 15, seed));
            backend.RemoveRange(3, -1, -1);
            return logits;
        }).ToArray();

        var batch = new TokenBatch(45);
        for (var index = 0; index < 15; index++)
        {
            for (var sequence = 0; sequence < 3; sequence++)
            {
                batch.Add(Words(backend, 15, sequence)[index], index, sequence, wantsLogits: index == 14);
            }
        }

        Assert.Equal(DecodeStatus.Ok, backend.Decode(batch));
        for (var sequence = 0; sequence < 3; sequence++)
        {
            AssertAlike(alone[sequence], backend.Logits(42 + sequence));
        }
    }

    [SkippableFact]
    public void A_long_piece_of_a_prompt_beside_replies_gives_each_its_own_logits()
    {
        var backend = Create(batch: 128);
        var (prompt, replies) = (Words(backend, 100, seed: 3), Enumerable.Range(0, 2).Select(seed => Words(backend, 21, seed)).ToArray());
        float[][] alone = [.. replies.Select(words => Alone(words)), Alone(prompt)];
        for (var sequence = 0; sequence < 2; sequence++)
        {
            Read(backend, sequence, replies[sequence].AsSpan(0, 20));
        }

        Read(backend, 2, prompt.AsSpan(0, 10));
        var batch = Mixed();
        Assert.Equal(DecodeStatus.Ok, backend.Decode(batch));

        float[][] found = [backend.Logits(0).ToArray(), backend.Logits(91).ToArray(), backend.Logits(90).ToArray()];
        Assert.Throws<InvalidOperationException>(() => backend.Logits(1).Length);
        Assert.Equal([20, 20, 99], Enumerable.Range(0, 3).Select(backend.MaxPosition));
        for (var sequence = 0; sequence < 3; sequence++)
        {
            AssertAlike(alone[sequence], found[sequence]);
            Assert.Equal(sequence, Enumerable.Range(0, 3).MinBy(other => Distance(alone[sequence], found[other])));
        }

        float[] Alone(int[] words)
        {
            var logits = Read(backend, 3, words);
            backend.RemoveRange(3, -1, -1);
            return logits;
        }

        TokenBatch Mixed()
        {
            var rows = new TokenBatch(92);
            rows.Add(replies[0][20], 20, sequence: 0, wantsLogits: true);
            for (var position = 10; position < 100; position++)
            {
                rows.Add(prompt[position], position, sequence: 2, wantsLogits: position == 99);
            }

            rows.Add(replies[1][20], 20, sequence: 1, wantsLogits: true);
            return rows;
        }
    }

    [SkippableFact]
    public void Without_room_for_replies_nothing_of_a_prompt_beside_them_stays()
    {
        var backend = Create(cells: 256, batch: 128);
        var words = Words(backend, 256);
        Read(backend, 0, words.AsSpan(0, 100));
        Read(backend, 1, words.AsSpan(0, 76));
        var batch = new TokenBatch(81);
        for (var position = 100; position < 180; position++)
        {
            batch.Add(words[position], position, sequence: 0, wantsLogits: false);
        }

        batch.Add(words[76], 76, sequence: 1, wantsLogits: true);
        Assert.Equal(DecodeStatus.NoKvRoom, backend.Decode(batch));

        Assert.Equal(99, backend.MaxPosition(0));
        Assert.Equal(75, backend.MaxPosition(1));
        backend.RemoveRange(1, -1, -1);
        var continued = Read(backend, 0, words.AsSpan(100, 20));
        AssertAlike(Read(backend, 2, words.AsSpan(0, 120)), continued);
    }

    [SkippableTheory]
    [InlineData(11)]
    [InlineData(9)]
    [InlineData(0)]
    [InlineData(-1)]
    public void A_position_that_is_not_the_next_one_is_refused_and_changes_nothing(int position)
    {
        var backend = Create();
        var words = Words(backend, 12);
        Read(backend, 0, words.AsSpan(0, 10));
        var batch = new TokenBatch(2);
        batch.Add(words[0], 0, sequence: 1, wantsLogits: false);
        batch.Add(words[1], position, sequence: 0, wantsLogits: true);

        Assert.Throws<InvalidOperationException>(() => backend.Decode(batch));

        Assert.Equal(9, backend.MaxPosition(0));
        Assert.Equal(-1, backend.MaxPosition(1));
        var continued = Read(backend, 0, words.AsSpan(10));
        backend.RemoveRange(0, -1, -1);
        Read(backend, 2, words.AsSpan(0, 10));
        AssertSame(Read(backend, 2, words.AsSpan(10)), continued);
    }

    [SkippableFact]
    public void An_empty_sequence_begins_at_0()
    {
        var backend = Create();
        var batch = new TokenBatch(1);
        batch.Add(Words(backend, 1)[0], 1, sequence: 0, wantsLogits: false);

        Assert.Throws<InvalidOperationException>(() => backend.Decode(batch));
    }

    [SkippableTheory]
    [InlineData(-1)]
    [InlineData(4)]
    [InlineData(255)]
    [InlineData(int.MaxValue)]
    public void A_sequence_out_of_range_is_refused_everywhere(int sequence)
    {
        var backend = Create(sequences: 4);
        var batch = new TokenBatch(1);
        batch.Add(Words(backend, 1)[0], 0, sequence, wantsLogits: false);

        Assert.Throws<ArgumentOutOfRangeException>(() => backend.Decode(batch));
        Assert.Throws<ArgumentOutOfRangeException>(() => backend.MaxPosition(sequence));
        Assert.Throws<ArgumentOutOfRangeException>(() => backend.RemoveRange(sequence, -1, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => backend.CopyRange(0, sequence, -1, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => backend.CopyRange(sequence, 0, -1, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => backend.ShiftRange(sequence, 0, -1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => backend.SequenceStateSize(sequence));
        Assert.Throws<ArgumentOutOfRangeException>(() => backend.SaveSequence(sequence, new byte[100]));
        Assert.Throws<ArgumentOutOfRangeException>(() => backend.RestoreSequence(sequence, new byte[100]));
    }

    [SkippableFact]
    public void A_token_out_of_range_is_refused()
    {
        var backend = Create();
        foreach (var token in (int[])[-1, backend.Info.VocabularySize, int.MaxValue])
        {
            var batch = new TokenBatch(1);
            batch.Add(token, 0, 0, wantsLogits: false);
            Assert.Throws<ArgumentOutOfRangeException>(() => backend.Decode(batch));
        }

        Assert.Equal(-1, backend.MaxPosition(0));
    }

    [SkippableFact]
    public void A_batch_of_no_row_or_too_many_is_refused()
    {
        var backend = Create(batch: 16);
        var words = Words(backend, 17);
        var batch = new TokenBatch(17);
        Assert.Throws<ArgumentException>(() => backend.Decode(batch));
        for (var index = 0; index < 17; index++)
        {
            batch.Add(words[index], index, 0, wantsLogits: false);
        }

        Assert.Throws<ArgumentException>(() => backend.Decode(batch));
        Assert.Equal(-1, backend.MaxPosition(0));
    }

    [SkippableFact]
    public void Without_room_nothing_changes_and_work_goes_on_where_room_is_made()
    {
        var backend = Create(cells: 256, batch: 64);
        var words = Words(backend, 256);
        Read(backend, 0, words.AsSpan(0, 200));
        Read(backend, 1, words.AsSpan(0, 40));
        var batch = Last20(sequence: 0);

        Assert.Equal(DecodeStatus.NoKvRoom, backend.Decode(batch));
        Assert.Equal(199, backend.MaxPosition(0));
        Assert.Equal(39, backend.MaxPosition(1));
        Assert.Throws<InvalidOperationException>(() => backend.Logits(19).Length);

        backend.RemoveRange(1, -1, -1);
        Assert.Equal(DecodeStatus.Ok, backend.Decode(batch));
        var continued = backend.Logits(19).ToArray();
        backend.RemoveRange(0, -1, -1);
        Read(backend, 2, words.AsSpan(0, 200));
        Assert.Equal(DecodeStatus.Ok, backend.Decode(Last20(sequence: 2)));
        AssertSame(backend.Logits(19), continued);

        TokenBatch Last20(int sequence)
        {
            var rows = new TokenBatch(20);
            for (var index = 0; index < 20; index++)
            {
                rows.Add(words[200 + index], 200 + index, sequence, wantsLogits: true);
            }

            return rows;
        }
    }

    [SkippableFact]
    public void An_abort_asked_for_before_a_decode_stops_that_one_only()
    {
        var backend = Create();
        var words = Words(backend, 20);
        Read(backend, 0, words.AsSpan(0, 10));
        var batch = new TokenBatch(10);
        for (var index = 10; index < 20; index++)
        {
            batch.Add(words[index], index, 0, wantsLogits: index == 19);
        }

        backend.RequestAbort();
        Assert.Equal(DecodeStatus.Aborted, backend.Decode(batch));
        Assert.Equal(9, backend.MaxPosition(0));
        Assert.Throws<InvalidOperationException>(() => backend.Logits(9).Length);

        Assert.Equal(DecodeStatus.Ok, backend.Decode(batch));
        var continued = backend.Logits(9).ToArray();
        backend.RemoveRange(0, -1, -1);
        Read(backend, 1, words.AsSpan(0, 10));
        AssertSame(Read(backend, 1, words.AsSpan(10)), continued);
    }
}
