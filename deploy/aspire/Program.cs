// A fleet under Aspire: Redis, three devices with the demo model, a gateway. `dotnet run --project deploy/aspire`, then open the dashboard's address that it prints (deploy/aspire/README.md).
using System.Globalization;

const string Loopback = "127.0.0.1";

var builder = DistributedApplication.CreateBuilder(args);
var devices = Number("devices", 3);
var redisPort = Number("redis-port", 6479);
var data = builder.Configuration["fleet:data"] ?? Path.GetFullPath(Path.Combine(builder.AppHostDirectory, "..", "..", "artifacts", "aspire"));
Directory.CreateDirectory(data);

// A redis-server of this machine: no container runtime is needed, and each write is on the disk before its turn is called complete.
var redis = builder.AddExecutable("redis", "redis-server", data, "--bind", Loopback, "--appendonly", "yes", "--appendfsync", "always", "--save", "", "--port", Text(redisPort))
    .WithEndpoint(name: "tcp", scheme: "tcp", isProxied: false, port: redisPort);

for (var number = 1; number <= devices; number++)
{
    var device = $"jetson-{Text(number)}";

    // By its variable: `dotnet run`, by which Aspire starts projects, has an option --device of its own and takes that for itself.
    Join(device, null, "--data", Path.Combine(data, device), "--threads", Text(Math.Max(1, Environment.ProcessorCount / devices)))
        .WithEnvironment("HC_DEVICE", device);
}

Join("gateway", Number("port", 5080), "--no-device").WithUrl("/orleans", "Orleans' dashboard");
builder.Build().Run();

IResourceBuilder<ProjectResource> Join(string name, int? port, params string[] arguments)
{
    var process = builder.AddProject<Projects.HybridConversations_Cli>(name, options => options.ExcludeLaunchProfile = true)
        .WithArgs(["join", .. arguments, "--redis", $"{Loopback}:{Text(redisPort)}", "--address", Loopback])
        .WithHttpEndpoint(name: "http", port: port)
        .WithHttpHealthCheck("/health/ready")
        .WaitForStart(redis);
    var endpoint = process.GetEndpoint("http");
    return process.WithEnvironment("HC_URLS", ReferenceExpression.Create($"http://{Loopback}:{endpoint.Property(EndpointProperty.TargetPort)}"));
}

int Number(string name, int usual) => int.TryParse(builder.Configuration[$"fleet:{name}"], CultureInfo.InvariantCulture, out var number) ? number : usual;

static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
