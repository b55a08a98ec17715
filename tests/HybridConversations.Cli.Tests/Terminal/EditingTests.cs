using HybridConversations.Cli.Terminal.Editing;
using HybridConversations.Tests.Common;

namespace HybridConversations.Cli.Tests.Terminal;

/// <summary>What makes a line of a person's characters out of what a terminal and a library count.</summary>
public sealed class EditingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("abc", 2, 1, 3)]
    [InlineData("a👨‍👩‍👧b", 9, 1, 10)]
    [InlineData("e\u0301x", 2, 0, 3)]
    [InlineData("", 0, 0, 0)]
    public void A_character_is_what_a_person_takes_for_one(string text, int position, int before, int after) =>
        Assert.Equal((before, after), (EditorCommands.Before(text, position), EditorCommands.After(text, position)));

    [Theory]
    [InlineData("\e[2K\e[1G\e[1myou>\e[0m abc    \e[7G", "\e[2K\e[1G\e[1myou>\e[0m abc\e[7G")]
    [InlineData("\e[2K\e[1G\e[1myou>\e[0m 日本    \e[8G", "\e[2K\e[1G\e[1myou>\e[0m 日本\e[10G")]
    [InlineData("no sequence", "no sequence")]
    public void The_cursor_stands_where_the_cells_end(string drawn, string mended)
    {
        var output = new StringWriter();
        new CellWriter(output).Write(drawn);
        Assert.Equal(mended, output.ToString());
    }

    [Fact]
    public void A_history_is_bounded_private_to_its_owner_and_survives_what_is_broken()
    {
        var path = Path.Combine(_folder.Path, "deep", "history");
        var history = new TypedHistory(path);
        for (var i = 0; i < TypedHistory.Kept + 10; i++)
        {
            history.Add($"line\n{i}");
        }

        history.Add($"line\n{TypedHistory.Kept + 9}"); // once
        File.AppendAllText(path, "{broken\n");
        var read = new TypedHistory(path).Read();
        Assert.Equal($"line\n{TypedHistory.Kept + 9}", read[^1]);
        Assert.InRange(read.Count, TypedHistory.Kept / 2, TypedHistory.Kept);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        }

        Assert.Empty(new TypedHistory(null).Read());
    }
}
