using HybridConversations.Escalations.Bridging;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Orleans.Serialization.Cloning;

namespace HybridConversations.Orleans.Hosting;

/// <summary>How the vocabulary travels between silos and clients.</summary>
internal static class WireSerialization
{
    /// <summary>
    /// The records of HybridConversations.Abstractions as JSON: they know nothing of Orleans, and members that one release adds the other ignores.
    /// Exceptions have a converter, and this assembly's own messages are generated.
    /// </summary>
    public static IServiceCollection AddHybridConversationsSerializer(this IServiceCollection services) => services.AddSerializer(serializer =>
    {
        serializer.AddAssembly(typeof(WireSerialization).Assembly);
        serializer.AddJsonSerializer(IsVocabulary, _ => false);
        serializer.Services.AddSingleton<IGeneralizedCopier, SharedRecordCopier>();
    });

    /// <summary>Records that know nothing of Orleans, and never change once they are made.</summary>
    public static bool IsVocabulary(Type type) => type == typeof(BridgeOptions) || type.Assembly == typeof(Turn).Assembly && !typeof(Exception).IsAssignableFrom(type) && !type.IsEnum;
}
