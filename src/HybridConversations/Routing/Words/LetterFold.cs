using System.Globalization;

namespace HybridConversations.Routing;

/// <summary>
/// One form for the letters that people and recognisers write in several ways: lower case, no accents on Latin and Greek letters, one alef in Arabic, no nukta in
/// Devanagari, full-width as half-width, traditional Chinese characters as simplified where both are common. What is learned and what is read pass through it.
/// </summary>
internal static class LetterFold
{
    private const string Traditional = "寫個這請說幫雲傳發證數學計畫時開關燈鬧鐘電話給媽樂聽點嗎氣訊裡間應該對與為來會還問題資詳細論歷經濟設碼編較優規議讓誰別離腦機內東車識隱祕絕許讀誦紀錄檔網絡員處轉訴洩護們兩從儲備條實現過長門買賣錢錯誤語譯簡單複雜運動遠選擇總結構導將當無沒樣種義嚴險費貸場業務國圖環變響戰爭";
    private const string Simplified = "写个这请说帮云传发证数学计画时开关灯闹钟电话给妈乐听点吗气讯里间应该对与为来会还问题资详细论历经济设码编较优规议让谁别离脑机内东车识隐秘绝许读诵纪录档网络员处转诉泄护们两从储备条实现过长门买卖钱错误语译简单复杂运动远选择总结构导将当无没样种义严险费贷场业务国图环变响战争";

    // Written out, because a machine without ICU takes no accent off.
    private const string Accented = "àáâãäåçèéêëìíîïñòóôõöùúûüýÿāăąćĉċčďēĕėęěĝğġģĥĩīĭįİĵķĺļľńņňōŏőŕŗřśŝşšţťũūŭůűųŵŷźżžơưǎǐǒǔǖǘǚǜǟǡǣǧǩǫǭǯǰǵǹǻǽǿȁȃȅȇȉȋȍȏȑȓȕȗșțȟȧȩȫȭȯȱȳʹΐάέήίΰϊϋόύώϓϔḁḃḅḇḉḋḍḏḑḓḕḗḙḛḝḟḡḣḥḧḩḫḭḯḱḳḵḷḹḻḽḿṁṃṅṇṉṋṍṏṑṓṕṗṙṛṝṟṡṣṥṧṩṫṭṯṱṳṵṷṹṻṽṿẁẃẅẇẉẋẍẏẑẓẕẖẗẘẙẛạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹἀἁἂἃἄἅἆἇἐἑἒἓἔἕἠἡἢἣἤἥἦἧἰἱἲἳἴἵἶἷὀὁὂὃὄὅὐὑὒὓὔὕὖὗὠὡὢὣὤὥὦὧὰάὲέὴήὶίὸόὺύὼώᾀᾁᾂᾃᾄᾅᾆᾇᾐᾑᾒᾓᾔᾕᾖᾗᾠᾡᾢᾣᾤᾥᾦᾧᾰᾱᾲᾳᾴᾶᾷιῂῃῄῆῇῐῑῒΐῖῗῠῡῢΰῤῥῦῧῲῳῴῶῷ";
    private const string Plain = "aaaaaaceeeeiiiinooooouuuuyyaaaccccdeeeeegggghiiiiijklllnnnooorrrssssttuuuuuuwyzzzouaiouuuuuaaægkooʒjgnaæøaaeeiioorruusthaeooooyʹιαεηιυιυουωϒϒabbbcdddddeeeeefghhhhhiikkkllllmmmnnnnoooopprrrrsssssttttuuuuuvvwwwwwxxyzzzhtwyſaaaaaaaaaaaaeeeeeeeeiioooooooooooouuuuuuuyyyyααααααααεεεεεεηηηηηηηηιιιιιιιιοοοοοουυυυυυυυωωωωωωωωααεεηηιιοουυωωααααααααηηηηηηηηωωωωωωωωαααααααιηηηηηιιιιιιυυυυρρυυωωωωω";

    private static readonly char[] Table = Build();
    private static readonly bool[] Word = [.. Enumerable.Range(0, char.MaxValue + 1).Select(letter => InWords((char)letter))];

    /// <summary>The folded letter; '\0' for a mark that is left out.</summary>
    public static char Of(char letter) => letter < 0x80 ? AsciiLower(letter) : Table[letter];

    /// <summary>Does it belong to a word: a letter, a digit, or a mark on one?</summary>
    public static bool IsWord(char letter) => Word[letter];

    /// <summary>Characters of scripts that put no blanks between words: each is read as a word of its own.</summary>
    public static bool StandsAlone(char letter) => letter >= 0x0E00
        && letter is (>= '\u3005' and <= '\u30FF') or (>= '\u31F0' and <= '\u31FF') or (>= '\u3400' and <= '\u9FFF') or (>= '\uF900' and <= '\uFAFF') or (>= '\u0E01' and <= '\u0EFF' and not '\u0E3F');

    /// <summary>A whole text in the form in which words are read.</summary>
    public static string Of(string text) => string.Create(text.Length, text, static (span, source) =>
    {
        for (var i = 0; i < span.Length; i++)
        {
            span[i] = Of(source[i]);
        }
    }).Replace("\0", "", StringComparison.Ordinal);

    private static char AsciiLower(char letter) => letter is >= 'A' and <= 'Z' ? (char)(letter | 0x20) : letter;

    private static bool InWords(char letter) => char.IsLetterOrDigit(letter)
        || letter is '\u200C' or '\u200D' || char.GetUnicodeCategory(letter) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    private static char[] Build()
    {
        var table = new char[char.MaxValue + 1];
        for (var i = 0; i < table.Length; i++)
        {
            table[i] = Fold((char)i);
        }

        for (var i = 0; i < Traditional.Length; i++)
        {
            table[Traditional[i]] = Simplified[i];
        }

        for (var i = 0; i < table.Length; i++)
        {
            if (Accented.IndexOf(table[i]) is >= 0 and var at)
            {
                table[i] = Plain[at];
            }
        }

        return table;
    }

    private static char Fold(char letter) => letter switch
    {
        'ß' => 's',
        'ł' or 'Ł' => 'l',
        'ø' or 'Ø' => 'o',
        'đ' or 'Đ' => 'd',
        'ı' or 'İ' => 'i',
        'ё' or 'Ё' => 'е',
        'أ' or 'إ' or 'آ' or 'ٱ' => 'ا',
        'ى' or 'ی' or 'ئ' => 'ي',
        'ة' => 'ه',
        'ؤ' => 'و',
        'ک' => 'ك',
        'ँ' => 'ं',
        '\u200C' or '\u200D' or 'ـ' or '़' => '\0',
        >= '\u0300' and <= '\u036F' or >= '\u064B' and <= '\u065F' or 'ٰ' => '\0',
        >= '\u0958' and <= '\u095F' => "कखगजडढफय"[letter - '\u0958'],
        >= '\uFF01' and <= '\uFF5E' => AsciiLower((char)(letter - 0xFEE0)),
        _ when char.IsDigit(letter) => (char)('0' + CharUnicodeInfo.GetDecimalDigitValue(letter)),
        _ => char.IsSurrogate(letter) ? letter : char.ToLowerInvariant(letter),
    };
}
