using HybridConversations.Inference.Backends;
using HybridConversations.Tests.Common;

namespace HybridConversations.Inference.Tests.Backends;

/// <summary>The simulated backend keeps the contract, so what a scheduler test shows with it holds for a real one.</summary>
public sealed class SimulatedBackendTests : ModelBackendContract
{
    protected override float Noise => 0;

    protected override IModelBackend Make(int cells, int sequences, int batch) =>
        new SimulatedBackend(new SimulatedBackendOptions { Cells = cells, MaxSequences = sequences, BatchSize = batch, MicroBatchSize = 16 });

    [Fact]
    public void Its_replies_depend_on_every_token_before()
    {
        var replies = new[] { "<|im_start|>user\nHi<|im_end|>", "<|im_start|>user\nHo<|im_end|>", "<|im_start|>User\nHi<|im_end|>" }.Select(prompt => SimulatedModel.Reply(prompt, 40)).ToArray();

        Assert.Equal(3, replies.Distinct().Count());
        Assert.Equal(replies[0], SimulatedModel.Reply("<|im_start|>user\nHi<|im_end|>", 40));
    }

    [Fact]
    public void Time_is_spent_by_rows()
    {
        var spent = TimeSpan.Zero;
        using var backend = new SimulatedBackend(new SimulatedBackendOptions { Spend = time => spent += time });

        Read(backend, 0, Words(backend, 30));

        Assert.Equal(TimeSpan.FromMilliseconds(40), spent);
        Assert.Equal((1, 30), (backend.Decodes, backend.Rows));
    }

    [Fact]
    public void Replies_can_be_scripted()
    {
        using var backend = new SimulatedBackend(new SimulatedBackendOptions { Next = history => history.Count == 3 ? 'x' : null });

        var logits = Read(backend, 0, [1, 2, 3]);

        Assert.Equal('x', System.Numerics.Tensors.TensorPrimitives.IndexOfMax(logits));
        Assert.Equal([1, 2, 3], backend.TokensOf(0));
    }

    [Fact]
    public void A_second_thread_inside_is_noticed()
    {
        SimulatedBackend? backend = null;
        using var made = backend = new SimulatedBackend(new SimulatedBackendOptions
        {
            Spend = _ => Task.Run(() => backend!.MaxPosition(0)).GetAwaiter().GetResult(),
        });

        Assert.Throws<InvalidOperationException>(() => Read(backend, 0, [1]));
    }

    [Fact]
    public void What_has_lost_its_running_state_goes_on_from_a_checkpoint_of_the_same_tokens_only()
    {
        using var backend = new SimulatedBackend(new SimulatedBackendOptions { HasRunningState = true });
        Read(backend, 0, [1, 2]);
        var checkpoint = new byte[backend.CheckpointSize(0)];
        backend.SaveCheckpoint(0, checkpoint);
        Read(backend, 0, [3]);
        Assert.False(backend.RemoveRange(0, 0, 1));
        Assert.True(backend.RemoveRange(0, 2, -1));
        Assert.Equal(-1, backend.MaxPosition(0));
        Assert.Throws<InvalidOperationException>(() => Read(backend, 0, [4]));
        Assert.True(backend.RestoreCheckpoint(0, checkpoint));
        Read(backend, 0, [4]);
        Assert.Throws<InvalidOperationException>(() => backend.RestoreCheckpoint(0, checkpoint));
        Assert.True(backend.RemoveRange(0, 0, -1));
        Assert.Equal(0, backend.UsedCells);
    }
}
