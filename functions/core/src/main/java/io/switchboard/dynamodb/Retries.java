package io.switchboard.dynamodb;

import io.switchboard.runtime.Deadline;
import io.switchboard.runtime.Dependency;
import io.switchboard.runtime.RequestLog;
import io.switchboard.runtime.Unavailable;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.retries.api.AcquireInitialTokenRequest;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.retries.api.RecordSuccessRequest;
import software.amazon.awssdk.retries.api.RefreshRetryTokenRequest;
import software.amazon.awssdk.retries.api.RefreshRetryTokenResponse;
import software.amazon.awssdk.retries.api.RetryStrategy;
import software.amazon.awssdk.retries.api.RetryToken;
import software.amazon.awssdk.retries.api.TokenAcquisitionFailedException;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.ReplicatedWriteConflictException;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;
import software.amazon.awssdk.services.dynamodb.model.TransactionInProgressException;

/**
 * Retries calls to DynamoDB. The SDK's standard retry strategy decides which faults are retried. Its token bucket, one
 * for each table, stops the retries of an environment in which too many calls fail. Faults are handled by kind:
 *
 * <ul>
 *   <li>Throttling, in each form that DynamoDB reports: at most {@value #THROTTLED_ATTEMPTS} attempts, with increasing
 *       pauses of less than a second in total. Then the call ends with a throttled {@link Unavailable}. Further calls
 *       of the same request get one attempt each until one succeeds, so that a batch does not repeat its load on a
 *       throttled table.
 *   <li>Conflicts with other transactions: at most {@value #CONFLICT_ATTEMPTS} attempts, with full jitter. They use no
 *       tokens, because they are not a sign of load.
 *   <li>All other faults that are retried: at most {@value #ATTEMPTS} attempts.
 * </ul>
 *
 * <p>No retry begins after the {@link Deadline} of the request. Thread-safe.
 */
final class Retries {
    static final int THROTTLED_ATTEMPTS = 4;
    static final int CONFLICT_ATTEMPTS = 12;
    static final int ATTEMPTS = 9;

    /** The longest first pause after throttling. It doubles twice: 140 + 280 + 560 ms are less than a second. */
    private static final Duration THROTTLED_PAUSE = Duration.ofMillis(140);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(25);
    private static final Duration LONGEST_CONFLICT_PAUSE = Duration.ofMillis(400);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    private final Pauses pauses;
    private final RetryStrategy strategy = AwsRetryStrategy.standardRetryStrategy().toBuilder()
            .maxAttempts(ATTEMPTS)
            .backoffStrategy(BackoffStrategy.exponentialDelay(FIRST_PAUSE, LONGEST_PAUSE))
            .retryOnException(Retries::isThrottling)
            .treatAsThrottling(Retries::isThrottling)
            .build();

    Retries(Pauses pauses) {
        this.pauses = pauses;
    }

    /** Signals that DynamoDB processed only a part of a batch, which is a form of throttling. */
    static final class Unprocessed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unprocessed(String message) {
            super(message, null, false, false);
        }
    }

    /** Returns whether DynamoDB throttled a part of a transaction. */
    static boolean isThrottling(CancellationReason reason) {
        return switch (String.valueOf(reason.code())) {
            case "ThrottlingError",
                    "ThrottlingException",
                    "ProvisionedThroughputExceeded",
                    "ProvisionedThroughputExceededException",
                    "RequestLimitExceeded" -> true;
            default -> false;
        };
    }

    private static boolean isThrottling(Throwable fault) {
        if (fault instanceof TransactionCanceledException cancelled) {
            for (CancellationReason reason : cancelled.cancellationReasons()) {
                if (isThrottling(reason)) {
                    return true;
                }
            }
            return false;
        }
        if (fault instanceof DynamoDbException e) {
            return switch (code(e)) {
                // The SDK treats it as throttling, but it means that an attempt of this call is still running.
                case "TransactionInProgressException" -> false;
                case "LimitExceededException", "RequestLimitExceededException" -> true;
                default -> e.isThrottlingException();
            };
        }
        return fault instanceof Unprocessed;
    }

    private static boolean isConflict(Throwable fault) {
        return fault instanceof TransactionCanceledException
                || fault instanceof TransactionInProgressException
                || fault instanceof TransactionConflictException
                || fault instanceof ReplicatedWriteConflictException;
    }

    /**
     * Makes attempts until one succeeds.
     *
     * @param table the table of the call; each table has a separate token bucket
     * @param attempt throws the SDK's exceptions or {@link Unprocessed}. It must not throw
     *     {@link TransactionCanceledException} for a transaction that was cancelled permanently
     * @throws Unavailable if a later retry may succeed
     */
    <T extends @Nullable Object> T call(String table, RequestLog log, Supplier<T> attempt) {
        RetryToken token = strategy.acquireInitialToken(AcquireInitialTokenRequest.create(table))
                .token();
        int throttled = 0;
        int conflicts = 0;
        while (true) {
            try {
                T result = attempt.get();
                strategy.recordSuccess(RecordSuccessRequest.create(token));
                log.setThrottled(false);
                return result;
            } catch (SdkException | Unprocessed fault) {
                if (isThrottling(fault)) {
                    throttled++;
                    @Nullable
                    RefreshRetryTokenResponse next = mayRetryThrottled(throttled, log) ? refresh(token, fault) : null;
                    if (next == null || !pause(equalJitter(throttled))) {
                        log.setThrottled(true);
                        throw throttled(fault);
                    }
                    token = next.token();
                } else if (isConflict(fault)) {
                    conflicts++;
                    if (conflicts == CONFLICT_ATTEMPTS || !pause(fullJitter(conflicts))) {
                        throw new Unavailable(
                                Dependency.DATABASE, false, "The conflict between transactions persisted", fault);
                    }
                } else {
                    @Nullable RefreshRetryTokenResponse next = refresh(token, fault);
                    if (next == null || !pause(next.delay())) {
                        throw translated(fault);
                    }
                    token = next.token();
                }
            }
        }
    }

    private static boolean mayRetryThrottled(int attempts, RequestLog log) {
        return attempts < THROTTLED_ATTEMPTS && !log.isThrottled();
    }

    /** Returns null if a retry cannot fix the fault, or if no attempts or no tokens are left. */
    private @Nullable RefreshRetryTokenResponse refresh(RetryToken token, RuntimeException fault) {
        try {
            return strategy.refreshRetryToken(RefreshRetryTokenRequest.builder()
                    .token(token)
                    .failure(fault)
                    .suggestedDelay(Duration.ZERO)
                    .build());
        } catch (TokenAcquisitionFailedException e) {
            return null;
        }
    }

    /** Returns from half the ceiling to the full ceiling, so that each pause is longer than the previous one. */
    private static Duration equalJitter(int attempts) {
        long ceiling = THROTTLED_PAUSE.toMillis() << (attempts - 1);
        return Duration.ofMillis(new SecureRandom().nextLong(ceiling / 2, ceiling) + 1);
    }

    private static Duration fullJitter(int attempts) {
        long ceiling = Math.min(LONGEST_CONFLICT_PAUSE.toMillis(), FIRST_PAUSE.toMillis() << (attempts - 1));
        return Duration.ofMillis(new SecureRandom().nextLong(1, ceiling + 1));
    }

    /** Waits, or returns false if the deadline is earlier. */
    private boolean pause(Duration time) {
        if (Deadline.left().compareTo(time) <= 0) {
            return false;
        }
        try {
            pauses.pause(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unavailable(Dependency.DATABASE, false, "The wait for a retry was interrupted", e);
        }
        return true;
    }

    private static Unavailable throttled(RuntimeException fault) {
        if (fault instanceof Unprocessed rest) {
            return new Unavailable(Dependency.DATABASE, true, String.valueOf(rest.getMessage()));
        }
        String code = fault instanceof DynamoDbException e ? code(e) : "";
        return new Unavailable(Dependency.DATABASE, true, "DynamoDB throttled the call: " + code, fault);
    }

    /** Returns the exception that callers of {@link DynamoDb} receive. */
    private static RuntimeException translated(RuntimeException fault) {
        if (fault instanceof DynamoDbException e) {
            if (e.statusCode() >= 500) {
                return new Unavailable(Dependency.DATABASE, false, "DynamoDB returned " + e.statusCode(), e);
            }
            if (code(e).isEmpty()) {
                // The response was truncated, so it is unknown whether the call was rejected.
                return new Unavailable(
                        Dependency.DATABASE, false, "DynamoDB returned " + e.statusCode() + " without a code", e);
            }
            return e;
        }
        if (fault instanceof SdkClientException) {
            return new Unavailable(Dependency.DATABASE, false, "DynamoDB did not respond", fault);
        }
        return new Unavailable(Dependency.DATABASE, false, "The call to DynamoDB failed", fault);
    }

    private static String code(DynamoDbException fault) {
        @Nullable AwsErrorDetails details = fault.awsErrorDetails();
        return details == null || details.errorCode() == null ? "" : details.errorCode();
    }
}
