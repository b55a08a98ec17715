using HybridConversations.Routing;

namespace HybridConversations.Tests.Routing;

public sealed class SpokenLanguageTests
{
    [Theory]
    [InlineData("what is the weather like in rome tomorrow", "en")]
    [InlineData("wie wird das wetter morgen in rom", "de")]
    [InlineData("quel temps fait il demain dans la ville de rome", "fr")]
    [InlineData("qué tiempo hace mañana en roma por favor", "es")]
    [InlineData("che tempo fa domani nella città di roma", "it")]
    [InlineData("como vai estar o tempo amanhã na cidade de roma", "pt")]
    [InlineData("jaka jest pogoda jutro w rzymie czy będzie padać", "pl")]
    [InlineData("yarın roma için hava nasıl olacak mı", "tr")]
    [InlineData("какая завтра погода в риме", "ru")]
    [InlineData("明天罗马天气怎么样", "zh")]
    [InlineData("明日のローマの天気は", "ja")]
    [InlineData("कल रोम में मौसम कैसा रहेगा", "hi")]
    [InlineData("كيف سيكون الطقس غدا في روما", "ar")]
    [InlineData("xyzzy plugh", "en")]
    [InlineData("", "en")]
    public void Is_known_by_its_script_or_its_small_words(string text, string language) => Assert.Equal(language, SpokenLanguage.Of(text));
}
