using System.Text.Json;
using System.Text.Json.Serialization;

namespace HybridConversations.Client.Wire;

/// <summary>Generated JSON code for everything that travels; used through <see cref="WireJson"/>.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    Converters =
    [
        typeof(CamelCaseEnum<RouteTarget>), typeof(KebabCaseEnum<FinishReason>), typeof(CamelCaseEnum<TurnState>), typeof(CamelCaseEnum<DeviceState>),
        typeof(CamelCaseEnum<TurnPriority>), typeof(CamelCaseEnum<ThinkMode>), typeof(CamelCaseEnum<InterruptOutcome>),
        typeof(CamelCaseEnum<ToolChoiceMode>), typeof(KebabCaseEnum<TurnFeedback>),
    ])]
[JsonSerializable(typeof(TurnBody))]
[JsonSerializable(typeof(InterruptBody))]
[JsonSerializable(typeof(ListenBody))]
[JsonSerializable(typeof(FeedbackBody))]
[JsonSerializable(typeof(InterruptResult))]
[JsonSerializable(typeof(ProblemDocument))]
[JsonSerializable(typeof(ReplyRouted))]
[JsonSerializable(typeof(ReplyText))]
[JsonSerializable(typeof(ReplySentence))]
[JsonSerializable(typeof(ReplyBridge))]
[JsonSerializable(typeof(ReplyReasoning))]
[JsonSerializable(typeof(ReplyToolCall))]
[JsonSerializable(typeof(ReplyCompleted))]
[JsonSerializable(typeof(ConversationPage))]
[JsonSerializable(typeof(ConversationList))]
[JsonSerializable(typeof(Deletion))]
[JsonSerializable(typeof(FleetView))]
[JsonSerializable(typeof(Dictionary<string, JsonElement>))]
[JsonSerializable(typeof(string))]
public sealed partial class WireContext : JsonSerializerContext;
