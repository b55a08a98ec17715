using HybridConversations.Escalations.Calls;
using HybridConversations.Escalations.Endpoints;
using HybridConversations.Escalations.Ledger;
using HybridConversations.Escalations.Settings;
using Polly.CircuitBreaker;

namespace HybridConversations.Escalations;

public sealed partial class Escalation
{
    /// <summary>One turn's way through the limits and the tries.</summary>
    private sealed class Call(Escalation owner, EscalationRequest request, CallClock clock, CancellationToken caller)
    {
        private static readonly TimeSpan Grace = TimeSpan.FromMinutes(2);
        private readonly CloudOptions _options = owner._options;
        private decimal _cost;

        /// <summary>Waits for a slot. Throws <c>overloaded</c> when too many wait, or it takes too long.</summary>
        public async ValueTask Enter()
        {
            ThrowIfBlocked();
            if (!await Timed(token => owner._gate.Enter(QueueTime(), token)))
            {
                Overloaded(owner._log, _options.Name);
                throw new ProblemException(ProblemCodes.Overload(
                    $"Cloud endpoint '{_options.Name}' has {owner._gate.InFlight} calls under way and {owner._gate.Queued} turns waiting " +
                    $"(limits.max-concurrent {_options.Limits.MaxConcurrent}, limits.max-queued {_options.Limits.MaxQueued}, limits.queue-ms {_options.Limits.QueueMs}).",
                    Math.Max(1_000, _options.Limits.QueueMs)));
            }
        }

        /// <summary>A try whose first text is there. Whoever gets it disposes it.</summary>
        public async Task<CloudAttempt> FirstText(CloudCallPlan plan)
        {
            var shortened = false;
            for (var retries = 0; ; retries++)
            {
                var attempt = await Attempt(plan);
                try
                {
                    await owner._health.Try(attempt.Open, CancellationToken.None);
                    return attempt;
                }
                catch (CloudException failure)
                {
                    await attempt.DisposeAsync();
                    owner._health.RestAfter(failure);
                    if (failure.Kind == CloudFailureKind.TooLong && !shortened)
                    {
                        // The estimate was too low for this text: half of it fits, or nothing does.
                        shortened = true;
                        plan = CloudCallPlan.Of(_options, request, share: 0.5);
                        Shortened(owner._log, _options.Name);
                        continue;
                    }

                    TryFailed(owner._log, _options.Name, request.ConversationId, retries + 1, failure.Outcome, failure.Message);
                    if (owner._delays.Next(retries, failure, clock.Left) is not { } delay)
                    {
                        throw CloudProblems.Failed(_options.Name, failure, retries + 1);
                    }

                    await Wait(delay);
                }
                catch (BrokenCircuitException e)
                {
                    await attempt.DisposeAsync();
                    throw CloudProblems.Resting(_options.Name, "its circuit is open, and one call tries it out.", e.RetryAfter ?? TimeSpan.FromSeconds(1));
                }
                catch
                {
                    await attempt.DisposeAsync();
                    throw;
                }
            }
        }

        public async ValueTask<EscalationFinished> Finish(CloudAttempt attempt)
        {
            var settlement = attempt.Settlement!;
            if (attempt.Failure is { } failure)
            {
                Cut(owner._log, _options.Name, request.ConversationId, failure.Outcome, failure.Message);
                await owner._health.Report(failure);
            }
            else
            {
                Answered(owner._log, _options.Name, request.ConversationId, settlement.Tokens.Input, settlement.Tokens.Output, settlement.Cost);
            }

            return new EscalationFinished(_options.Name, attempt.FinishReason, settlement.Tokens.Input, settlement.Tokens.Output, settlement.Tokens.Cached, _cost,
                settlement.State != LedgerState.Settled, attempt.Failure is { } cut ? $"Cloud endpoint '{_options.Name}' broke off: {cut.Message}" : null);
        }

        /// <summary>A try with its tokens taken and its money reserved.</summary>
        private async ValueTask<CloudAttempt> Attempt(CloudCallPlan plan)
        {
            ThrowIfBlocked();
            var taken = plan.PromptEstimate + plan.Request.MaxTokens;
            await TakeTokens(taken);
            long reservation;
            DateOnly day;
            try
            {
                (reservation, day) = await Reserve(plan);
            }
            catch
            {
                owner._rate?.Return(taken, 0);
                throw;
            }

            return new CloudAttempt(_options, owner._model, plan, clock, settlement => Settle(reservation, settlement, taken, day), caller);
        }

        private async ValueTask<(long Id, DateOnly Day)> Reserve(CloudCallPlan plan)
        {
            var now = owner._time.GetUtcNow();
            var day = DateOnly.FromDateTime(now.UtcDateTime);
            var worst = _options.Prices.Of(plan.Worst.Input, 0, plan.Worst.Output);
            ReservationResult result;
            try
            {
                result = await owner._ledger.Reserve(
                    new Reservation(_options.Name, request.Tenant, now, Lease, plan.Worst, worst, _options.Budgets.For(request.Tenant)), caller);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                throw CloudProblems.Ledger(_options.Name, e);
            }

            owner._spending.Learn(request.Tenant, result.Balance, day);
            if (result.Refusal is not { } refusal)
            {
                return (result.Id, day);
            }

            BudgetSpent(owner._log, _options.Name, request.Tenant);
            throw CloudProblems.BudgetSpent(_options.Name, refusal, _options.Prices.Currency, now);
        }

        /// <summary>No try goes on for longer than the turn; a little more for whoever settles it.</summary>
        private TimeSpan Lease => TimeSpan.FromMilliseconds(_options.Timeouts.WholeMs) + Grace;

        /// <summary>A reply that was given is not taken back because it cannot be booked: the reservation stays, and its worst case is booked in the end.</summary>
        private async ValueTask Settle(long reservation, Settlement settlement, int taken, DateOnly day)
        {
            _cost += settlement.Cost;
            owner._rate?.Return(taken, settlement.Tokens.Input + settlement.Tokens.Output);
            try
            {
                if (await owner._ledger.Settle(reservation, settlement) is { } balance)
                {
                    owner._spending.Learn(request.Tenant, balance, day);
                }
            }
            catch (Exception e)
            {
                Unsettled(owner._log, _options.Name, reservation, e);
            }
        }

        private async ValueTask TakeTokens(int tokens)
        {
            if (owner._rate is not { } rate)
            {
                return;
            }

            if (!rate.TryTake(tokens, QueueTime(), out var wait))
            {
                throw new ProblemException(ProblemCodes.Overload(
                    $"Cloud endpoint '{_options.Name}' has used up its {_options.Limits.TokensPerMinute} tokens a minute (limits.tokens-per-minute).",
                    CloudProblems.Milliseconds(wait)));
            }

            if (wait <= TimeSpan.Zero)
            {
                return;
            }

            try
            {
                await Wait(wait);
            }
            catch
            {
                rate.Return(tokens, 0);
                throw;
            }
        }

        private void ThrowIfBlocked()
        {
            if (owner._health.Blocked(out var reason, out var left))
            {
                throw CloudProblems.Resting(_options.Name, reason, left);
            }
        }

        private TimeSpan QueueTime()
        {
            var queue = TimeSpan.FromMilliseconds(_options.Limits.QueueMs);
            return clock.Left < queue ? clock.Left : queue;
        }

        private async ValueTask Wait(TimeSpan delay) => await Timed(async token =>
        {
            await Task.Delay(delay, owner._time, token);
            return true;
        });

        /// <summary>Turns the end of the turn's time into a problem, and leaves the caller's own cancellation alone.</summary>
        private async ValueTask<T> Timed<T>(Func<CancellationToken, ValueTask<T>> wait)
        {
            try
            {
                return await wait(clock.Token);
            }
            catch (OperationCanceledException) when (clock.Expired() is { } expired)
            {
                throw CloudProblems.Failed(_options.Name, expired, 1);
            }
        }
    }
}
