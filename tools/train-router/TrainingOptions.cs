namespace TrainRouter;

/// <param name="Command">As the report quotes it.</param>
/// <param name="Folds">Of the cross-validation.</param>
/// <param name="LeaveKindsOut">Also train once without each kind of request.</param>
/// <param name="Part">The only classifier to train: english, others or follow-up; null for all.</param>
/// <param name="Weights">Path of a classifier's weights by its name.</param>
/// <param name="Out">Folder for the weights; null to write none.</param>
/// <param name="Report">File for the report; null to write none.</param>
/// <param name="Extra">Further labelled files to measure.</param>
/// <param name="Errors">Print the requests that were misjudged (never those held out: they would be tuned to).</param>
internal sealed record TrainingOptions(string Command, int Folds, bool LeaveKindsOut, string? Part, Func<string, string> Weights, string? Out, string? Report, IReadOnlyList<string> Extra, bool Errors)
{
    public bool Trains(string part) => Part is null || Part == part;
}
