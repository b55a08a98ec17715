using System.Diagnostics.CodeAnalysis;
using Orleans.Serialization.Cloning;

namespace HybridConversations.Orleans.Hosting;

/// <summary>
/// The vocabulary's records never change, so a call that stays on its silo hands them over as they are. (The JSON codec would write and read each of them.)
/// </summary>
internal sealed class SharedRecordCopier : IGeneralizedCopier
{
    public bool IsSupportedType(Type type) => WireSerialization.IsVocabulary(type);

    [return: NotNullIfNotNull(nameof(input))]
    public object? DeepCopy(object? input, CopyContext context) => input;
}
