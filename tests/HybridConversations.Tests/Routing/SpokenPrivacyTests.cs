using HybridConversations.Routing;

namespace HybridConversations.Tests.Routing;

public sealed class SpokenPrivacyTests
{
    private const string Hard = "write me a python script that renames all my photos";

    [Theory]
    [InlineData("keep this private")]
    [InlineData("keep this private my salary is fifty thousand write me a python script that works out my tax")]
    [InlineData("Please keep it strictly confidential.")]
    [InlineData("keep that between us")]
    [InlineData("keep this to yourself")]
    [InlineData("keep it on the device")]
    [InlineData("keep everything off the internet")]
    [InlineData("keep what I tell you private")]
    [InlineData("keep my bank password secret please it is swordfish")]
    [InlineData("this stays private")]
    [InlineData("this must stay on the device")]
    [InlineData("this is private so plan my finances for the next ten years")]
    [InlineData("This is private. Write me a python script.")]
    [InlineData("this is private my pin is 4711 " + Hard)]
    [InlineData("This is confidential. Write me a script that parses my medical records.")]
    [InlineData("what I tell you now is private")]
    [InlineData("it's confidential")]
    [InlineData("never mind this is private")]
    [InlineData("don't worry this is private")]
    [InlineData("my name is Ann this is private")]
    [InlineData("my pin is 4711 keep this private")]
    [InlineData("remember what I said and keep this private")]
    [InlineData("i have no money keep this private")]
    [InlineData("don't send this to the cloud")]
    [InlineData("please do not send any of this to the cloud analyse my contract")]
    [InlineData("never upload my data to a server")]
    [InlineData("i don't want you to share this with anyone")]
    [InlineData("don't tell anyone but i lost my job")]
    [InlineData("don't let this leave the device")]
    [InlineData("just between you and me")]
    [InlineData("this is just between us")]
    [InlineData("off the record")]
    [InlineData("nobody may know that i am ill")]
    [InlineData("i want to keep this private")]
    [InlineData("can you keep this private")]
    [InlineData("switch to private mode")]
    [InlineData("think hard but don't send this to the cloud")]
    [InlineData("No, this is private.")]
    [InlineData("No. Keep this private.")]
    [InlineData("Stop. This is private.")]
    [InlineData("I'd rather keep this private")]
    [InlineData("can we keep this private")]
    [InlineData("I can't believe it, this is private")]
    [InlineData("this must not leave the device")]
    [InlineData("This can't leave the house.")]
    [InlineData("do not share this")]
    [InlineData("don't upload this")]
    [InlineData("don't share what I told you")]
    [InlineData("don't put this in the cloud")]
    [InlineData("this conversation is private")]
    [InlineData("keep this conversation private")]
    [InlineData("please make this private")]
    [InlineData("I want this to be private")]
    [InlineData("it's a secret")]
    [InlineData("what I'm about to say is private")]
    [InlineData("the following is confidential")]
    [InlineData("treat this confidentially")]
    [InlineData("don't let anyone know")]
    [InlineData("don't let other people see this")]
    [InlineData("this must not be shared")]
    [InlineData("handle everything i tell you in confidence")]
    [InlineData("i would rather we kept this confidential")]
    [InlineData("never publish any of this")]
    public void A_wish_is_heard_and_holds(string text)
    {
        var privacy = SpokenPrivacy.Of(text, null);
        Assert.True(privacy is { Holds: true, Covers: true }, text);
        Assert.Contains(privacy.Wish!, privacy.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("is this private")]
    [InlineData("are you sure this is private")]
    [InlineData("tell me whether this is private")]
    [InlineData("book a private room")]
    [InlineData("this is private property")]
    [InlineData("that is a private method")]
    [InlineData("it's private equity they are after")]
    [InlineData("what's a private in the army")]
    [InlineData("how do i keep this private")]
    [InlineData("how can I keep my garden private")]
    [InlineData("should i keep this private")]
    [InlineData("do i have to keep this private")]
    [InlineData("i don't want to keep this private")]
    [InlineData("you need not keep this private")]
    [InlineData("i don't think this is private")]
    [InlineData("this is not private")]
    [InlineData("send this to my boss")]
    [InlineData("don't forget to send this to the cloud")]
    [InlineData("why don't you send it to the cloud")]
    [InlineData("can you send it to anyone in the office")]
    [InlineData("nobody can see it coming")]
    [InlineData("turn private mode off")]
    [InlineData("is my private jet ready")]
    [InlineData("what is the secret of a good soup")]
    [InlineData("it's a secret recipe of my grandmother")]
    [InlineData("don't share the pizza with tom")]
    [InlineData("how do i make this private")]
    [InlineData("i don't want this to be private")]
    [InlineData("share this with my sister")]
    [InlineData(Hard)]
    public void What_only_sounds_alike_is_none(string text) => Assert.Equal(SpokenPrivacy.Open, SpokenPrivacy.Of(text, null));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(20)]
    [InlineData(47)]
    [InlineData(48)]
    [InlineData(55)]
    [InlineData(80)]
    [InlineData(333)]
    [InlineData(10_000)]
    public void A_wish_is_heard_wherever_it_stands_in_a_turn_and_nothing_is_heard_at_a_seam(int at)
    {
        var words = Enumerable.Range(0, 12_000).Select(i => "word" + (char)('a' + (i % 26)) + (char)('a' + (i / 26 % 26))).ToList();
        Assert.Null(SpokenWishes.Privacy.FindAnywhere(string.Join(' ', words)));
        words.InsertRange(at, ["keep", "this", "private", "my", "pin", "is", "4711"]);
        Assert.Equal("keep this private", SpokenWishes.Privacy.FindAnywhere(string.Join(", ", words)));
        words[at + 2] = "warm";
        words.InsertRange(at, ["how", "do", "i", "have", "to"]);
        words[at + 7] = "private";
        Assert.Null(SpokenWishes.Privacy.FindAnywhere(string.Join(' ', words)));
    }

    [Theory]
    [InlineData("this is no longer private")]
    [InlineData("Okay, that's not private any more.")]
    [InlineData("it isn't private anymore")]
    [InlineData("you don't have to keep this private any more")]
    [InlineData("you can use the cloud again")]
    [InlineData("ask the cloud from now on")]
    [InlineData("please stop keeping this private")]
    [InlineData("end private mode")]
    [InlineData("turn private mode off")]
    [InlineData("the private part is over")]
    [InlineData("What a day! This is no longer private. Can you write a script?")]
    public void A_lift_opens_what_is_said_after_it(string text)
    {
        var privacy = SpokenPrivacy.Of(text, "keep this private");
        Assert.True(privacy is { Holds: false, Covers: true }, text);
        Assert.Contains("lifts", privacy.Reason, StringComparison.Ordinal);
        Assert.Equal(SpokenPrivacy.Open, SpokenPrivacy.Of(text, null));
    }

    [Theory]
    [InlineData("is this no longer private")]
    [InlineData("think hard")]
    [InlineData("ask the cloud")]
    [InlineData("okay now use the cloud")]
    [InlineData("how do i end private mode")]
    [InlineData("don't use the cloud again")]
    [InlineData("this is not private")]
    [InlineData("my friend said this is no longer private")]
    [InlineData("translate 'this is no longer private' into German")]
    [InlineData("write \"end private mode\" on the board")]
    [InlineData("is it true that this is no longer private?")]
    [InlineData("thanks")]
    [InlineData("end private mode but keep this private")]
    public void Nothing_else_does(string text) => Assert.True(SpokenPrivacy.Of(text, "keep this private").Holds, text);
}
