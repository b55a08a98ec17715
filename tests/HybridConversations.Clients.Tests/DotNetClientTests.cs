using System.ClientModel;
using System.ComponentModel;
using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;
using Microsoft.SemanticKernel.Connectors.OpenAI;
using OpenAI;

namespace HybridConversations.Clients.Tests;

/// <summary>Semantic Kernel and Agent Framework over OpenAI's format, with functions that they run by themselves.</summary>
public sealed class DotNetClientTests
{
    [Fact]
    public async Task Semantic_kernel_chats_streams_and_runs_functions()
    {
        await using var server = await Weather();
        var builder = Kernel.CreateBuilder();
        builder.AddOpenAIChatCompletion("any", Client(server));
        var kernel = builder.Build();
        kernel.Plugins.AddFromFunctions("home", [KernelFunctionFactory.CreateFromMethod(GetWeather, "get_weather")]);
        var chat = kernel.GetRequiredService<IChatCompletionService>();

        Assert.Equal("one two", (await chat.GetChatMessageContentAsync("one two")).Content);
        var pieces = new List<string?>();
        await foreach (var piece in chat.GetStreamingChatMessageContentsAsync("one two"))
        {
            pieces.Add(piece.Content);
        }

        Assert.Equal("one two", string.Concat(pieces));
        var settings = new OpenAIPromptExecutionSettings { FunctionChoiceBehavior = FunctionChoiceBehavior.Auto() };
        Assert.Equal("It is sunny in Bern.", (await chat.GetChatMessageContentAsync(new ChatHistory("You help.") { new(AuthorRole.User, "Weather?") }, settings, kernel)).Content);
    }

    [Fact]
    public async Task Agent_framework_runs_functions_whole_and_streamed()
    {
        await using var server = await Weather();
        var agent = Client(server).GetChatClient("any").AsIChatClient().AsAIAgent(instructions: "You help.", tools: [AIFunctionFactory.Create(GetWeather, "get_weather")]);
        // Microsoft.Extensions.AI sends a result as JSON text.
        Assert.Equal("It is \"sunny in Bern\".", (await agent.RunAsync("Weather?")).Text);
        Assert.Equal("It is \"sunny in Bern\".", string.Concat(await agent.RunStreamingAsync("Weather?").Select(update => update.Text).ToListAsync()));
    }

    [Description("The weather of a city")]
    private static string GetWeather(string city) => $"sunny in {city}";

    private static OpenAIClient Client(TestServer server) => new(new ApiKeyCredential("none"), new OpenAIClientOptions { Endpoint = new Uri(server.Address, "v1") });

    private static async Task<TestServer> Weather()
    {
        var server = await TestServer.Start();
        server.Machine.Model.Reply = WeatherModel.Reply;
        return server;
    }
}
