namespace HybridConversations.Bench.Prompts;

/// <summary>Short, common English words. Most vocabularies hold each of them, with the space before it, as one token.</summary>
internal static class CommonWords
{
    public static IReadOnlyList<string> Words { get; } =
        """
        able about above across after again age agree air all allow alone along already also always among and animal another answer any
        appear apple area arm around arrive art ask autumn away baby back bad bag ball bank base bath beach bear beat beautiful because become
        bed before begin behind believe below best better between big bird black blood blow blue board boat body bone book both bottom box boy
        branch bread break bridge bright bring broad brother brown build burn busy but buy call calm camp can car card care carry case
        cat catch cause center chair chance change cheap check child choose church circle city class clean clear climb clock close cloth cloud
        coast coat cold color come common company complete cook cool copy corn corner cost count country course cover cow cross crowd cry
        cup current cut dance dark daughter day dead deal dear decide deep degree depend desert did differ dinner direct distance doctor dog
        door double down draw dream dress drink drive drop dry during dust each early earth east easy eat edge egg eight either
        else end energy engine enjoy enough enter even evening ever every exact example eye face fact fair fall family famous far farm
        fast father fear feed feel few field fight figure fill final find fine finger finish fire first fish five flat floor flow
        flower fly follow food foot for force forest form forward found four free fresh friend from front fruit full game garden gas gave
        general gentle get girl give glad glass gold gone good grand grass gray great green ground group grow guess hair half hand happen
        happy hard hat have head hear heart heat heavy help here high hill history hold hole home hope horse hot hour house how
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
}
