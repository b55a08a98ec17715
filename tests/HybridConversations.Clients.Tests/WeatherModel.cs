using System.Runtime.CompilerServices;
using HybridConversations.Tests.Common.Scripted;

namespace HybridConversations.Clients.Tests;

/// <summary>A model that calls the first function it is offered, answers its result, keeps to a schema, and repeats everything else.</summary>
internal static class WeatherModel
{
    private const string Bern = """{"city":"Bern"}""";

    public static async IAsyncEnumerable<DeviceEvent> Reply(DeviceRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        if (request.Sampling.JsonSchema is not null)
        {
            yield return new DeviceText(Bern);
            yield return ScriptedModelDevice.Finished(5);
        }
        else if (request.Messages is [.., { Role: ChatMessage.Tool, Content: var result }])
        {
            yield return new DeviceText($"It is {result}.");
            yield return ScriptedModelDevice.Finished(4);
        }
        else if (request.Tools is [var tool, ..])
        {
            yield return new DeviceToolCall(0, "call_1", tool.Name);
            yield return new DeviceToolArguments(0, Bern[..6], IsEnd: false);
            yield return new DeviceToolArguments(0, Bern[6..], IsEnd: true);
            yield return ScriptedModelDevice.Finished(6, FinishReason.ToolCalls);
        }
        else
        {
            await foreach (var e in ScriptedModelDevice.Echo(request, cancellationToken))
            {
                yield return e;
            }
        }
    }
}
