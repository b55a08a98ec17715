using HybridConversations.Inference.Text;

namespace HybridConversations.Bench.Micro.Operations;

/// <summary>A reply of three sentences, word by word; what it allocates is the sentences.</summary>
internal sealed class SplitSentences : IMicroOperation
{
    private readonly string[] _words = ["Paris", " is", " the", " capital", " of", " France.", " It", " has", " 2.1", " million", " people,", " says", " Dr.", " Martin.", " Shall", " I", " go", " on?"];

    public string Name => "sentences";

    public void Run()
    {
        var splitter = new SentenceSplitter();
        var sentences = 0;
        foreach (var word in _words)
        {
            splitter.Push(word);
            sentences += Take(splitter);
        }

        splitter.Flush();
        if (sentences + Take(splitter) != 3)
        {
            throw new InvalidOperationException("There are three sentences.");
        }
    }

    public void Dispose()
    {
    }

    private static int Take(SentenceSplitter splitter)
    {
        var count = 0;
        while (splitter.TryTake(out _))
        {
            count++;
        }

        return count;
    }
}
