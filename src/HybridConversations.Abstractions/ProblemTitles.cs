namespace HybridConversations;

/// <summary>What each of the <see cref="ProblemCodes"/> means, in a sentence: a problem's title follows from its code alone (RFC 9457).</summary>
internal static class ProblemTitles
{
    /// <summary>The title of a code that this release does not know: a later one made it.</summary>
    public const string Unknown = "The request could not be carried out.";

    public static string Of(string code) => code switch
    {
        ProblemCodes.Invalid => "The request is not valid.",
        ProblemCodes.NotFound => "There is no such thing here.",
        ProblemCodes.TurnInProgress => "A turn is running in this conversation.",
        ProblemCodes.TurnIdReused => "This turn id was used for another text.",
        ProblemCodes.TurnNotLast => "Another turn has come since.",
        ProblemCodes.CallAnswered => "This call has been answered.",
        ProblemCodes.Overloaded => "Too much is asked at once.",
        ProblemCodes.TooLong or ProblemCodes.ContextExceeded => "The text does not fit the model's context.",
        ProblemCodes.DeadlineUnreachable => "The reply would come too late.",
        ProblemCodes.SlowReader => "The reply was not read in time.",
        ProblemCodes.DeviceLost => "The device could not answer.",
        ProblemCodes.CloudFailed => "The cloud could not answer.",
        ProblemCodes.BudgetSpent => "The cloud budget is spent.",
        ProblemCodes.Storage => "The conversations cannot be stored or read.",
        ProblemCodes.Stopping => "The server is stopping.",
        ProblemCodes.NotReady => "The server is not ready.",
        ProblemCodes.Unreachable => "The server could not be reached.",
        ProblemCodes.Internal => "The server has a fault.",
        ProblemCodes.DownloadFailed => "The model could not be downloaded.",
        ProblemCodes.Unauthorized => "A key is needed.",
        ProblemCodes.Forbidden => "The key does not go that far.",
        ProblemCodes.RateLimited => "Too many requests.",
        ProblemCodes.ForeignOrigin => "Pages of another origin may not use this server.",
        ProblemCodes.UnknownHost => "This server is not known by that name.",
        ProblemCodes.BodyTooLarge => "The body is too large.",
        ProblemCodes.MediaType => "The body is not declared as JSON.",
        ProblemCodes.ContentEncoding => "The body is encoded.",
        ProblemCodes.Method => "This address does not take this method.",
        ProblemCodes.UpgradeRequired => "This address speaks over a WebSocket.",
        ProblemCodes.NotImplemented => "This server does not do that.",
        ProblemCodes.PreviousNotFound => "The response to go on from is not here.",
        ProblemCodes.ResponseInProgress => "A response is under way on this connection.",
        _ => Unknown,
    };
}
