using System.Runtime.InteropServices;
using HybridConversations.Inference.LlamaCpp;
using HybridConversations.Inference.LlamaCpp.Direct;
using HybridConversations.Inference.Models;
using HybridConversations.Inference.Tests.Backends;
using HybridConversations.Tests.Common;

namespace HybridConversations.Inference.Tests.Models;

public sealed class GgufFileTests
{
    [Fact]
    public void Sums_up_the_built_in_model()
    {
        var file = GgufFile.Read(RepositoryFiles.DemoModel);

        Assert.Equal(("Pip demo", "llama", "Q8_0", 3), (file.Name, file.Architecture, file.Quantisation, file.Version));
        Assert.Equal(1024, file.ContextLength);
        Assert.InRange(file.Parameters, 3_000_000, 3_500_000);
        Assert.InRange(file.WeightBytes, 3_300_000, new FileInfo(RepositoryFiles.DemoModel).Length);
        Assert.Contains("<|im_start|>", file.ChatTemplate);
        Assert.Null(file.License);
        Assert.Equal(3072, file.Metadata["tokenizer.ggml.tokens"].Array!.Count);
        Assert.Equal([192, 3072], file.Tensors.Single(tensor => tensor.Name == "token_embd.weight").Dimensions);
        Assert.Equal(file.FileBytes, file.Tensors.Max(tensor => tensor.Offset + tensor.Bytes));
    }

    [Fact]
    public void The_editor_of_these_tests_writes_what_it_read() =>
        Assert.Equal(File.ReadAllBytes(RepositoryFiles.DemoModel), new GgufEditor().Bytes());

    [SkippableFact]
    public void Sizes_of_the_weight_types_are_those_of_the_library()
    {
        Skip.If(RealBackend.Unavailable is not null, RealBackend.Unavailable);
        var handle = LlamaLibraryFile.Open(LlamaLibraryLocator.Find(null, AppContext.BaseDirectory), DirectRelease.Value).Handle;
        var elements = Marshal.GetDelegateForFunctionPointer<BlockElements>(NativeLibrary.GetExport(handle, "ggml_blck_size"));
        var bytes = Marshal.GetDelegateForFunctionPointer<BlockBytes>(NativeLibrary.GetExport(handle, "ggml_type_size"));
        var name = Marshal.GetDelegateForFunctionPointer<TypeName>(NativeLibrary.GetExport(handle, "ggml_type_name"));

        for (var number = 0; number < 43; number++)
        {
            var known = GgufTensorType.Find((uint)number);
            var expected = elements(number) == 0 ? null : new GgufTensorType(Marshal.PtrToStringUTF8(name(number))!.ToUpperInvariant(), (int)elements(number), (int)bytes(number));
            Assert.Equal(expected, known);
        }

        Assert.Null(GgufTensorType.Find(43));
    }

    [Theory]
    [InlineData(0, "no GGUF")]
    [InlineData(23, "no GGUF")]
    [InlineData(24, "ends inside its header")]
    [InlineData(60, "ends inside its header")]
    [InlineData(50_000, "3072 elements")]
    [InlineData(99_999, "cut off")]
    [InlineData(3_554_623, "cut off")]
    public void A_file_that_was_cut_off_is_refused(int length, string reason)
    {
        var bytes = File.ReadAllBytes(RepositoryFiles.DemoModel)[..length];

        Assert.Contains(reason, Refused(bytes).Reason);
    }

    [Fact]
    public void A_file_that_is_not_there_is_refused()
    {
        using var folder = new TemporaryFolder();

        Assert.Contains("no such file", Assert.Throws<ModelFileException>(() => GgufFile.Read(folder.File("none.gguf"))).Message);
        Assert.Contains("cannot be read", Assert.Throws<ModelFileException>(() => GgufFile.Read(folder.Path)).Message);
    }

    [Theory]
    [InlineData(0, (byte)'X', "no GGUF")]
    [InlineData(4, 1, "GGUF version 1")]
    [InlineData(4, 9, "GGUF version 9")]
    [InlineData(12, 1, "tensors, at most")]
    [InlineData(22, 1, "metadata keys, at most")]
    [InlineData(24 + 7, 0x7F, "a metadata key claims")]
    public void A_wrong_byte_in_the_frame_is_refused(int at, byte value, string reason)
    {
        var bytes = File.ReadAllBytes(RepositoryFiles.DemoModel);
        bytes[at] = value;

        Assert.Contains(reason, Refused(bytes).Reason);
    }

    [Fact]
    public void A_big_endian_file_is_named_as_such()
    {
        var bytes = File.ReadAllBytes(RepositoryFiles.DemoModel);
        (bytes[4], bytes[7]) = (0, 3);

        Assert.Contains("big-endian", Refused(bytes).Reason);
    }

    [Fact]
    public void Values_that_no_file_may_hold_are_refused()
    {
        Assert.Contains("array of arrays", Refused(new GgufEditor().Set("x", GgufValueType.Array, [9, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0])).Reason);
        Assert.Contains("unknown type 13", Refused(new GgufEditor().Set("x", (GgufValueType)13, [])).Reason);
        Assert.Contains("neither 0 nor 1", Refused(new GgufEditor().Set("x", GgufValueType.Boolean, [2])).Reason);
        Assert.Contains("elements, at most", Refused(new GgufEditor().Set("x", GgufValueType.Array, [0, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255])).Reason);
        Assert.Contains("of text", Refused(new GgufEditor().Set("x", GgufValueType.String, [255, 255, 255, 255, 255, 255, 255, 255])).Reason);
        Assert.Contains("general.alignment", Refused(new GgufEditor().Set("general.alignment", 0u)).Reason);
        Assert.Contains("general.alignment", Refused(new GgufEditor().Set("general.alignment", 48u)).Reason);
        Assert.Contains("general.alignment", Refused(new GgufEditor().Set("general.alignment", 16u)).Reason);
        Assert.Contains("general.alignment", Refused(new GgufEditor().Set("general.alignment", "32")).Reason);

        var twice = new GgufEditor();
        twice.Values.Add(twice.Values[3]);
        Assert.Contains("is there twice", Refused(twice).Reason);
    }

    [Theory]
    [InlineData(0, 5, "5 dimensions")]
    [InlineData(0, 0, "0 dimensions")]
    [InlineData(4, 0, "or none")]
    [InlineData(11, 0x7F, "more weights than the file can hold")]
    [InlineData(4, 193, "in blocks of 32")]
    [InlineData(20, 4, "unknown type 4")]
    [InlineData(20, 200, "unknown type 200")]
    [InlineData(24, 32, "begins at byte")]
    [InlineData(31, 0x80, "outside the file")]
    public void A_tensor_that_cannot_be_is_refused(int at, byte value, string reason)
    {
        var editor = new GgufEditor();
        Assert.Equal(32, editor.Tensors[3].Info.Length);
        editor.Tensors[3].Info[at] = value;

        Assert.Contains(reason, Refused(editor).Reason);
    }

    [Fact]
    public void A_tensor_that_is_there_twice_is_refused()
    {
        var editor = new GgufEditor();
        editor.Tensors[4] = (editor.Tensors[3].Name, editor.Tensors[4].Info);

        Assert.Contains("is there twice", Refused(editor).Reason);
    }

    [Fact]
    public void Lengths_in_the_file_never_decide_what_is_allocated()
    {
        var editor = new GgufEditor();
        byte[][] liars =
        [
            editor.Set("x", GgufValueType.String, BitConverter.GetBytes(1L << 62)).Bytes(),
            editor.Set("x", GgufValueType.String, BitConverter.GetBytes(4L << 20)).Bytes(),
            editor.Set("x", GgufValueType.Array, [10, 0, 0, 0, .. BitConverter.GetBytes(1L << 24)]).Bytes(),
        ];
        var before = GC.GetAllocatedBytesForCurrentThread();

        foreach (var liar in liars)
        {
            Refused(liar);
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
    }

    [Fact]
    public void Damage_anywhere_in_the_header_is_read_or_refused_but_never_fails_otherwise()
    {
        var whole = File.ReadAllBytes(RepositoryFiles.DemoModel);
        var header = new GgufEditor().HeaderBytes;
        var refused = 0;
        for (var seed = 0; seed < 400; seed++)
        {
            var random = new Random(seed);
            var bytes = seed % 4 == 0 ? whole[..random.Next(whole.Length)] : (byte[])whole.Clone();
            for (var flip = random.Next(1, 6); flip > 0 && seed % 4 != 0; flip--)
            {
                bytes[random.Next(header)] ^= (byte)(1 << random.Next(8));
            }

            try
            {
                ModelRequirements.Verify(GgufFile.Read(new MemoryStream(bytes), $"seed {seed}"));
            }
            catch (ModelFileException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 150, 399);
    }

    private static ModelFileException Refused(GgufEditor editor) => Refused(editor.Bytes());

    private static ModelFileException Refused(byte[] bytes) =>
        Assert.Throws<ModelFileException>(() => GgufFile.Read(new MemoryStream(bytes), "test.gguf"));

    private delegate long BlockElements(int type);

    private delegate nuint BlockBytes(int type);

    private delegate nint TypeName(int type);
}
