using System.CommandLine;
using TrainRouter;

var repository = new DirectoryInfo(AppContext.BaseDirectory);
while (repository is not null && !File.Exists(Path.Combine(repository.FullName, "HybridConversations.sln")))
{
    repository = repository.Parent;
}

string InRepository(string path) => Path.GetFullPath(Path.Combine(repository?.FullName ?? ".", path));

var data = new Option<string?>("--data") { Description = "A folder with train.jsonl and dev.jsonl, in place of the copies in tools/train-router/data." };
var seed = new Option<int>("--seed") { Description = "Seed of all randomness.", DefaultValueFactory = _ => 1 };
var folds = new Option<int>("--folds") { Description = "Parts of the cross-validation.", DefaultValueFactory = _ => 5 };
var iterations = new Option<int>("--iterations") { Description = "Steps of the minimiser, at most.", DefaultValueFactory = _ => 300 };
var quick = new Option<bool>("--quick") { Description = "Leave out the training without each kind of request." };
var output = new Option<string>("--out") { Description = "Folder for the weights.", DefaultValueFactory = _ => InRepository("src/HybridConversations/Routing/Classifier") };
var report = new Option<string>("--report") { Description = "File for the report.", DefaultValueFactory = _ => InRepository("docs/results/routing.md") };
var dry = new Option<bool>("--dry-run") { Description = "Print only; write neither weights nor report." };
var extra = new Option<string[]>("--extra") { Description = "Further labelled files (JSON lines) to measure.", DefaultValueFactory = _ => [], AllowMultipleArgumentsPerToken = true };
var part = new Option<string?>("--part") { Description = "Train one classifier only (english, others, follow-up) and take the other weights as they are; writes no report." };
var errors = new Option<bool>("--errors") { Description = "Print the requests that were misjudged, except the held-out ones." };

var command = new RootCommand("Trains the router's classifiers and measures them.") { data, seed, folds, iterations, quick, output, report, dry, extra, part, errors };
command.SetAction(parsed =>
{
    var corpus = Corpus.Read(InRepository("tools/train-router/data"), parsed.GetValue(data), parsed.GetValue(seed));
    var options = new TrainingOptions(
        "dotnet run --project tools/train-router -c Release",
        parsed.GetValue(folds),
        !parsed.GetValue(quick),
        parsed.GetValue(part),
        name => Path.Combine(parsed.GetValue(output)!, name + ".weights"),
        parsed.GetValue(dry) ? null : parsed.GetValue(output),
        parsed.GetValue(dry) ? null : parsed.GetValue(report),
        parsed.GetValue(extra)!,
        parsed.GetValue(errors));
    new Training(corpus, new Recipe(parsed.GetValue(seed), parsed.GetValue(iterations), corpus.Openers), options).Run();
});
return command.Parse(args).Invoke();
