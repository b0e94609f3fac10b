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
 * The retries of every call to DynamoDB. The SDK's standard retry strategy decides which faults a retry may fix, and its token
 * bucket, one for each table, ends the retries of an environment in which too many fail. Three kinds of fault differ:
 *
 * <ul>
 *   <li>Throttling, in whatever form DynamoDB reports it: at most {@value #THROTTLED_ATTEMPTS} attempts, with growing pauses of less
 *       than a second in total. Then the call ends as a throttled {@link Unavailable}. After that, further calls of the same request
 *       get one attempt each until one succeeds, so that a batch does not put its load on a throttled table again and again.
 *   <li>Conflicts with the transactions of others: at most {@value #CONFLICT_ATTEMPTS} attempts, with full jitter. They use no tokens,
 *       because they say nothing about the load.
 *   <li>All other faults that a retry may fix: at most {@value #ATTEMPTS} attempts.
 * </ul>
 *
 * <p>No retry begins later than the request's {@link Deadline}. Thread-safe.
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

    /** Signals that DynamoDB answered, but did only a part of a batch: a form of throttling. */
    static final class Unprocessed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unprocessed(String message) {
            super(message, null, false, false);
        }
    }

    /** Whether DynamoDB refused a part of a transaction because of its load. */
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
                // The SDK counts it as throttling, but it says that our own attempt is still running.
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
     * @param table the table of the call: each has a token bucket of its own
     * @param attempt throws the SDK's exceptions, or {@link Unprocessed}; a transaction that was cancelled for good must not throw
     *     {@link TransactionCanceledException}
     * @throws Unavailable if a later retry may succeed
     */
    <T extends @Nullable Object> T call(String table, RequestLog log, Supplier<T> attempt) {
        RetryToken token = strategy.acquireInitialToken(AcquireInitialTokenRequest.create(table))
                .token();
        int throttled = 0;
        int conflicts = 0;
        while (true) {
            try {
                T answer = attempt.get();
                strategy.recordSuccess(RecordSuccessRequest.create(token));
                log.throttled(false);
                return answer;
            } catch (SdkException | Unprocessed fault) {
                if (isThrottling(fault)) {
                    throttled++;
                    @Nullable
                    RefreshRetryTokenResponse next = mayRetryThrottled(throttled, log) ? refresh(token, fault) : null;
                    if (next == null || !pause(equalJitter(throttled))) {
                        log.throttled(true);
                        throw throttled(fault);
                    }
                    token = next.token();
                } else if (isConflict(fault)) {
                    conflicts++;
                    if (conflicts == CONFLICT_ATTEMPTS || !pause(fullJitter(conflicts))) {
                        throw new Unavailable(
                                Dependency.DATABASE, false, "a conflict between transactions lasted", fault);
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

    /** Null if a retry cannot fix the fault, or if no attempts or no tokens are left. */
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

    /** From half the ceiling up to all of it, so that each pause is longer than the one before. */
    private static Duration equalJitter(int attempts) {
        long ceiling = THROTTLED_PAUSE.toMillis() << (attempts - 1);
        return Duration.ofMillis(new SecureRandom().nextLong(ceiling / 2, ceiling) + 1);
    }

    private static Duration fullJitter(int attempts) {
        long ceiling = Math.min(LONGEST_CONFLICT_PAUSE.toMillis(), FIRST_PAUSE.toMillis() << (attempts - 1));
        return Duration.ofMillis(new SecureRandom().nextLong(1, ceiling + 1));
    }

    /** Returns false if the deadline comes first. */
    private boolean pause(Duration time) {
        if (Deadline.left().compareTo(time) <= 0) {
            return false;
        }
        try {
            pauses.pause(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unavailable(Dependency.DATABASE, false, "interrupted while waiting for a retry", e);
        }
        return true;
    }

    private static Unavailable throttled(RuntimeException fault) {
        if (fault instanceof Unprocessed rest) {
            return new Unavailable(Dependency.DATABASE, true, String.valueOf(rest.getMessage()));
        }
        String code = fault instanceof DynamoDbException e ? code(e) : "";
        return new Unavailable(Dependency.DATABASE, true, "DynamoDB throttled: " + code, fault);
    }

    /** The fault as callers of {@link DynamoDb} know it. */
    private static RuntimeException translated(RuntimeException fault) {
        if (fault instanceof DynamoDbException e) {
            if (e.statusCode() >= 500) {
                return new Unavailable(Dependency.DATABASE, false, "DynamoDB answered " + e.statusCode(), e);
            }
            if (code(e).isEmpty()) {
                // The answer was cut off: nothing tells what was refused, or whether anything was.
                return new Unavailable(
                        Dependency.DATABASE, false, "DynamoDB answered " + e.statusCode() + " and not why", e);
            }
            return e;
        }
        if (fault instanceof SdkClientException) {
            return new Unavailable(Dependency.DATABASE, false, "DynamoDB did not answer", fault);
        }
        return new Unavailable(Dependency.DATABASE, false, "the call to DynamoDB was given up", fault);
    }

    private static String code(DynamoDbException fault) {
        @Nullable AwsErrorDetails details = fault.awsErrorDetails();
        return details == null || details.errorCode() == null ? "" : details.errorCode();
    }
}
