// A fleet under Aspire: Redis, three devices with the demo model, a gateway. `dotnet run --project deploy/aspire`, then open the dashboard's address that it prints.
const int Devices = 3;
const string Loopback = "127.0.0.1";

var builder = DistributedApplication.CreateBuilder(args);
var data = Path.Combine(builder.AppHostDirectory, "..", "..", "artifacts", "aspire");
Directory.CreateDirectory(data);

// A redis-server of this machine: no container runtime is needed, and each write is on the disk before its turn is called complete.
var redis = builder.AddExecutable("redis", "redis-server", data, "--bind", Loopback, "--appendonly", "yes", "--appendfsync", "always", "--save", "")
    .WithEndpoint(name: "tcp", scheme: "tcp", env: "REDIS_PORT", isProxied: false, port: 6479)
    .WithArgs("--port", "6479");

for (var number = 1; number <= Devices; number++)
{
    Join($"jetson-{number}", null, "--device", $"jetson-{number}", "--data", data, "--threads", $"{Math.Max(1, Environment.ProcessorCount / Devices)}");
}

Join("gateway", 5080, "--no-device").WithUrl("/orleans", "Orleans' dashboard");
builder.Build().Run();

IResourceBuilder<ProjectResource> Join(string name, int? port, params string[] arguments)
{
    var process = builder.AddProject<Projects.HybridConversations_Cli>(name, options => options.ExcludeLaunchProfile = true)
        .WithArgs(["join", .. arguments, "--redis", $"{Loopback}:6479", "--address", Loopback])
        .WithHttpEndpoint(name: "http", port: port)
        .WithHttpHealthCheck("/health/ready")
        .WaitForStart(redis);
    var endpoint = process.GetEndpoint("http");
    return process.WithEnvironment("HC_URLS", ReferenceExpression.Create($"http://{Loopback}:{endpoint.Property(EndpointProperty.TargetPort)}"));
}
