namespace HybridConversations.Architecture.Tests;

/// <summary>Which folder of a project uses which: brothers under one parent, each with all below it.</summary>
internal sealed class Folders
{
    private readonly Dictionary<string, Dictionary<string, List<Arrow>>> _uses = [];

    public Folders(IEnumerable<Arrow> arrows)
    {
        foreach (var arrow in arrows)
        {
            if (Brothers(arrow) is var (user, used))
            {
                _uses.TryAdd(user, []);
                _uses[user].TryAdd(used, []);
                _uses[user][used].Add(arrow);
            }
        }
    }

    /// <summary>All ways from a folder back to itself: one line for each arrow of it, with some of the uses that make it.</summary>
    public IEnumerable<string> Circles() =>
        from user in _uses.Keys.Order(StringComparer.Ordinal)
        from used in _uses[user].Keys.Order(StringComparer.Ordinal)
        where Reaches(used, user)
        select $"{user} -> {used}: {string.Join(", ", _uses[user][used].Select(arrow => arrow.Why).Distinct().Take(5))}";

    private bool Reaches(string start, string end)
    {
        var seen = new HashSet<string>();
        var open = new Stack<string>([start]);
        while (open.TryPop(out var folder))
        {
            if (folder == end)
            {
                return true;
            }

            if (seen.Add(folder) && _uses.TryGetValue(folder, out var next))
            {
                foreach (var name in next.Keys)
                {
                    open.Push(name);
                }
            }
        }

        return false;
    }

    /// <summary>The two folders under the deepest folder that holds both; null where one of them is that folder itself.</summary>
    private static (string User, string Used)? Brothers(Arrow arrow)
    {
        var (user, used) = (arrow.From.Split('/'), arrow.To.Split('/'));
        var common = user.Zip(used).TakeWhile(pair => pair.First == pair.Second).Count();
        return common == user.Length || common == used.Length
            ? null
            : (string.Join('/', user[..(common + 1)]), string.Join('/', used[..(common + 1)]));
    }
}
