using System.Text.Json;

namespace HybridConversations.Conversations;

/// <summary>Checks all of a turn; pure.</summary>
public static class TurnValidator
{
    /// <summary>Null when the turn is valid, else a problem that names every error at once.</summary>
    public static Problem? Check(Turn turn)
    {
        var errors = new List<string>();
        errors.AddRange(TextRules.CheckId("turnId", turn.TurnId, inPath: false));
        var silent = turn.Text == "" && (turn is { ToolResults.Count: > 0 } or { Instructions.Length: > 0 } || turn.Earlier?.Any(message => message is not null && !EarlierMessages.IsBlank(message)) is true);
        errors.AddRange(silent ? [] : string.IsNullOrWhiteSpace(turn.Text) ? ["text is empty."] : TextRules.Check("text", turn.Text, Limits.MaxTurnCharacters));
        errors.AddRange(turn.System is null ? [] : TextRules.Check("system", turn.System, Limits.MaxSystemCharacters));
        Require(errors, turn.Tenant is not null && Tenants.IsName(turn.Tenant), $"tenant must have 1 to {Tenants.MaxCharacters} letters (a to z), digits, '-', '_' or '.'.");
        errors.AddRange(turn.Device is null ? [] : TextRules.CheckId("device", turn.Device));
        Require(errors, turn.Device is null || turn.Think != ThinkMode.Cloud, "device and think: cloud exclude each other; send one of them.");
        Require(errors, turn.DeadlineMs is null or >= 1, $"deadlineMs is {turn.DeadlineMs}; it must be at least 1.");
        Require(errors, turn.Received >= 0, $"received is {turn.Received}; it must be at least 0.");
        Require(errors, Enum.IsDefined(turn.Think), $"think is {turn.Think}; it must be auto, local or cloud.");
        Require(errors, Enum.IsDefined(turn.Priority), $"priority is {turn.Priority}; it must be background, interactive or voice.");
        errors.AddRange(turn.Earlier is null ? ["earlier is null; leave it out for none."] : EarlierRules.Check(turn.Earlier));
        errors.AddRange(turn.Instructions is null ? [] : TextRules.Check("instructions", turn.Instructions, Limits.MaxSystemCharacters));
        errors.AddRange(turn.After is null ? [] : TextRules.CheckId("after", turn.After, inPath: false));
        errors.AddRange(EarlierRules.CheckNote(turn.Note));
        errors.AddRange(turn.Tools is null ? [] : ToolRules.Check(turn.Tools));
        errors.AddRange(turn.ToolResults is null ? ["toolResults is null; leave it out for none."] : ToolRules.Check(turn.ToolResults));
        CheckReasoning(errors, turn.Reasoning);
        CheckSampling(errors, turn.Sampling);
        return errors.Count == 0 ? null : ProblemCodes.InvalidRequest(string.Join(' ', errors));
    }

    private static void CheckReasoning(List<string> errors, ReasoningOptions? reasoning)
    {
        var efforts = string.Join(", ", ReasoningOptions.Efforts);
        Require(errors, reasoning?.Effort is not { } effort || ReasoningOptions.Efforts.Contains(effort), $"reasoning.effort is '{reasoning?.Effort}'; it must be one of {efforts}.");
        Require(
            errors, reasoning?.BudgetTokens is null or (>= 0 and <= Limits.MaxThoughtTokens),
            $"reasoning.budgetTokens is {reasoning?.BudgetTokens}; it must be from 0 to {Limits.MaxThoughtTokens:N0}.");
    }

    private static void CheckSampling(List<string> errors, SamplingOptions? sampling)
    {
        if (sampling is null)
        {
            errors.Add("sampling is null; leave it out for the model's defaults.");
            return;
        }

        Require(errors, sampling.MaxTokens is null or >= 1, $"maxTokens is {sampling.MaxTokens}; it must be at least 1.");
        Require(errors, sampling.Temperature is null or (>= 0 and <= 2), $"temperature is {sampling.Temperature}; it must be from 0 to 2.");
        Require(errors, sampling.TopP is null or (> 0 and <= 1), $"topP is {sampling.TopP}; it must be above 0 and at most 1.");
        Require(errors, sampling.TopK is null or >= 0, $"topK is {sampling.TopK}; it must be at least 0.");
        Require(errors, sampling.MinP is null or (>= 0 and <= 1), $"minP is {sampling.MinP}; it must be from 0 to 1.");
        Require(errors, sampling.FrequencyPenalty is null or (>= -2 and <= 2), $"frequencyPenalty is {sampling.FrequencyPenalty}; it must be from -2 to 2.");
        Require(errors, sampling.PresencePenalty is null or (>= -2 and <= 2), $"presencePenalty is {sampling.PresencePenalty}; it must be from -2 to 2.");
        CheckSamplers(errors, sampling);
        Require(errors, sampling.TopLogProbs is null or (>= 0 and <= 20), $"topLogProbs is {sampling.TopLogProbs}; it must be from 0 to 20.");
        CheckStop(errors, sampling.Stop);
        CheckConstraints(errors, sampling);
    }

    private static void CheckSamplers(List<string> errors, SamplingOptions sampling)
    {
        Require(errors, sampling.RepeatPenalty is null or (> 0 and <= 2), $"repeatPenalty is {sampling.RepeatPenalty}; it must be above 0 and at most 2.");
        Require(errors, sampling.RepeatLastTokens is null or >= -1, $"repeatLastTokens is {sampling.RepeatLastTokens}; it must be at least -1, which stands for all.");
        Require(errors, sampling.LogitBias is { Count: <= 300 } biases && biases.All(b => b.Key >= 0 && b.Value is >= -100 and <= 100),
            "logitBias must hold at most 300 token ids, each with a number from -100 to 100.");
        Require(errors, sampling.TypicalP is null or (> 0 and <= 1), $"typicalP is {sampling.TypicalP}; it must be above 0 and at most 1.");
        Require(errors, sampling.DryMultiplier is null or (>= 0 and <= 10), $"dryMultiplier is {sampling.DryMultiplier}; it must be from 0 to 10.");
        Require(errors, sampling.DryBase is null or (>= 1 and <= 4), $"dryBase is {sampling.DryBase}; it must be from 1 to 4.");
        Require(errors, sampling.DryAllowedLength is null or (>= 1 and <= 100), $"dryAllowedLength is {sampling.DryAllowedLength}; it must be from 1 to 100.");
        Require(errors, sampling.DryLastTokens is null or >= -1, $"dryLastTokens is {sampling.DryLastTokens}; it must be at least -1, which stands for all.");
        Require(errors, sampling.DryBreakers is null || (sampling.DryBreakers.Count <= Limits.MaxStopStrings && sampling.DryBreakers.All(b => b is { Length: > 0 and <= Limits.MaxStopCharacters })),
            $"dryBreakers must be at most {Limits.MaxStopStrings} texts of 1 to {Limits.MaxStopCharacters} characters.");
        Require(errors, sampling.XtcProbability is null or (>= 0 and <= 1), $"xtcProbability is {sampling.XtcProbability}; it must be from 0 to 1.");
        Require(errors, sampling.XtcThreshold is null or (>= 0 and <= 1), $"xtcThreshold is {sampling.XtcThreshold}; it must be from 0 to 1.");
    }

    private static void CheckStop(List<string> errors, IReadOnlyList<string>? stop)
    {
        if (stop is null)
        {
            errors.Add("stop is null; leave it out for none.");
            return;
        }

        Require(errors, stop.Count <= Limits.MaxStopStrings, $"stop has {stop.Count} strings; at most {Limits.MaxStopStrings} are allowed.");
        for (var i = 0; i < Math.Min(stop.Count, Limits.MaxStopStrings); i++)
        {
            errors.AddRange(string.IsNullOrEmpty(stop[i]) ? [$"stop[{i}] is empty."] : TextRules.Check($"stop[{i}]", stop[i], Limits.MaxStopCharacters));
        }
    }

    private static void CheckConstraints(List<string> errors, SamplingOptions sampling)
    {
        errors.AddRange(sampling.Grammar is null ? [] : TextRules.Check("grammar", sampling.Grammar, Limits.MaxGrammarCharacters));
        if (sampling.JsonSchema is not { } schema)
        {
            return;
        }

        Require(errors, sampling.Grammar is null, "grammar and jsonSchema exclude each other; send one of them.");
        var before = errors.Count;
        errors.AddRange(TextRules.Check("jsonSchema", schema, Limits.MaxGrammarCharacters));
        if (errors.Count == before && !IsJson(schema))
        {
            errors.Add("jsonSchema is not valid JSON.");
        }
    }

    private static bool IsJson(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static void Require(List<string> errors, bool holds, string error)
    {
        if (!holds)
        {
            errors.Add(error);
        }
    }
}
