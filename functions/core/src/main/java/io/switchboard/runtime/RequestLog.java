package io.switchboard.runtime;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import io.switchboard.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Collects the log line of one request: one line of JSON with its metrics (CloudWatch's embedded metric format). It is
 * bound for each request like {@link Deadline}, so that all layers can add to it.
 *
 * <p>The line contains no names, numbers, bodies or tokens: callers appear by tenant only, paths by their pattern.
 * Metrics and dimensions of CloudWatch are spelled {@code LikeThis}, all other members {@code likeThis}. Below the log
 * level of the function, only the metrics are written. Not thread-safe.
 */
public final class RequestLog {
    private static final ScopedValue<RequestLog> CURRENT = ScopedValue.newInstance();

    private static final String NAMESPACE = "Switchboard";
    private static final String FUNCTION_NAME = "FunctionName";
    private static final String CODE = "Code";
    private static final String CORRELATION_ID = "correlationId";
    private static final int FRAMES = 8;
    /** The most causes of one fault in a line. */
    private static final int MOST_CAUSES = 8;
    /** The most faults of third parties in a line; metrics count all of them. */
    private static final int MOST_FAULTS = 20;

    private final String functionName;
    private final Map<String, @Nullable Object> members = new LinkedHashMap<>();
    private final Map<Metric, Integer> counts = new LinkedHashMap<>();
    private final Samples latencies = new Samples();
    private final List<Object> recordSourceFaults = new ArrayList<>();
    private final List<Object> notificationFaults = new ArrayList<>();
    private final Ticker ticker;
    private final long began;
    private long calledAt;
    private String table = "";
    private String dynamoDbOperation = "";
    private int attempts;
    private boolean isThrottled;
    private boolean hasCalled;
    private boolean isMeasured;
    private Duration waited = Duration.ZERO;
    private LogLevel least = LogLevel.INFO;

    private RequestLog(String functionName, Ticker ticker) {
        this.functionName = functionName;
        this.ticker = ticker;
        this.began = ticker.read();
    }

    /**
     * Returns the log of a request that begins now.
     *
     * @param ticker measures the duration of the request and its calls to DynamoDB
     */
    public static RequestLog of(Context context, boolean isColdStart, Ticker ticker) {
        RequestLog log = new RequestLog(context.getFunctionName(), ticker);
        log.put("functionVersion", context.getFunctionVersion());
        log.put("invocationId", context.getAwsRequestId());
        log.put("traceId", context.getXrayTraceId());
        log.put("coldStart", isColdStart);
        if (isColdStart) {
            log.count(Metric.COLD_STARTS);
        }
        return log;
    }

    /**
     * Returns the log of the current request. Outside of a request, in tests and during priming, it is a log that is
     * discarded.
     */
    public static RequestLog current() {
        return CURRENT.isBound() ? CURRENT.get() : new RequestLog("", Deadline.ticker());
    }

    /** Returns the name of the function that serves the request; empty outside of a request. */
    public String functionName() {
        return functionName;
    }

    /** Serves a request with this log. */
    public <T, X extends Throwable> T during(ScopedValue.CallableOp<T, X> request) throws X {
        return ScopedValue.where(CURRENT, this).call(request);
    }

    /** Adds one to a metric. */
    public void count(Metric metric) {
        count(metric, 1);
    }

    /** Adds a number to a metric; zero is not sent. */
    public void count(Metric metric, int times) {
        if (times > 0) {
            counts.merge(metric, times, Integer::sum);
        }
    }

    /**
     * Records the start of a call to DynamoDB.
     *
     * @param operation the DynamoDB operation
     */
    public void callStarted(String table, String operation) {
        this.table = table;
        this.dynamoDbOperation = operation;
        attempts = 0;
        calledAt = ticker.read();
    }

    /** Records a request to DynamoDB, the first of a call or a retry. */
    public void roundTrip() {
        attempts++;
        count(Metric.DYNAMODB_ROUND_TRIPS);
    }

    /** Records the end of a call to DynamoDB, successful or not. */
    public void callEnded() {
        hasCalled = true;
        latencies.add(Duration.ofNanos(ticker.read() - calledAt).toMillis());
    }

    /** Returns the least severe level that a function logs, from {@code AWS_LAMBDA_LOG_LEVEL}; INFO by default. */
    public static LogLevel level(Map<String, String> environment) {
        return LogLevel.fromString(environment.getOrDefault("AWS_LAMBDA_LOG_LEVEL", "INFO"));
    }

    /** Includes the request in {@link Metric#SERVICE_LATENCY}, because it matches a route. */
    public void measureLatency() {
        isMeasured = true;
    }

    /** Records the time that the request waited for a third party: a record source, or the endpoint of a subscriber. */
    public void waited(Duration time) {
        waited = waited.plus(time);
    }

    /** Records whether the last call ended because of throttling, or succeeded. */
    public void setThrottled(boolean throttled) {
        isThrottled = throttled;
    }

    /** Returns whether the last call ended because of throttling. */
    public boolean isThrottled() {
        return isThrottled;
    }

    /**
     * Records a failed query to a record source.
     *
     * @param kind the source and kind of the failure, such as {@code recordSource 503}, without names, addresses,
     *     queries or values
     */
    public void recordSourceFailed(String kind) {
        count(Metric.RECORD_SOURCE_FAILURES);
        note(recordSourceFaults, kind);
        put("recordSourceFaults", recordSourceFaults);
    }

    /**
     * Records a change notification that an endpoint did not accept.
     *
     * @param kind the kind of the failure, such as {@code 503} or {@code timeOut}, without addresses, headers or bodies
     */
    public void notificationFailed(String kind) {
        count(Metric.NOTIFICATIONS_FAILED);
        note(notificationFaults, kind);
        put("notificationFaults", notificationFaults);
    }

    private static void note(List<Object> faults, String kind) {
        if (faults.size() < MOST_FAULTS) {
            faults.add(kind);
        }
    }

    /** Sets the caller's correlation id, from the header first and then from the body, which takes precedence. */
    public void setCorrelationId(String correlationId) {
        put(CORRELATION_ID, correlationId);
    }

    /** Returns the effective correlation id; null if none was sent. */
    @Nullable
    public String correlationId() {
        return members.get(CORRELATION_ID) instanceof String id ? id : null;
    }

    /** Sets a member of the line; null is omitted. */
    public void put(String name, @Nullable Object value) {
        if (value != null) {
            members.put(name, value);
        }
    }

    /** Records that the request was rejected with this error code. */
    public void rejected(String code) {
        put(CODE, code);
        count(Metric.REQUESTS_REFUSED);
    }

    /**
     * Records a fault that prevented the request from being served.
     *
     * @param status the status of the response
     * @param code the error code of the response
     */
    public void failed(int status, String code, Throwable fault) {
        put(CODE, code);
        partFailed(status, fault);
    }

    /**
     * Records a fault that prevented one part of a batch from being served. The responses of the other parts are
     * returned.
     *
     * @param status the status of the part's response
     */
    public void partFailed(int status, Throwable fault) {
        count(status == 429 ? Metric.REQUESTS_THROTTLED : Metric.REQUESTS_FAILED);
        if (level(status).compareTo(least) > 0) {
            least = level(status);
        }
        failed(fault);
    }

    /** Records a fault. Messages that could contain a caller's input are omitted. */
    void failed(Throwable fault) {
        Map<String, Object> described = new LinkedHashMap<>();
        if (!table.isEmpty()) {
            described.put("table", table);
            described.put("dynamoDbOperation", dynamoDbOperation);
            described.put("attempts", attempts);
        }
        List<String> causes = new ArrayList<>();
        for (Throwable cause = fault; cause != null && causes.size() < MOST_CAUSES; cause = cause.getCause()) {
            causes.add(describe(cause));
        }
        described.put("causes", causes);
        put("fault", described);
    }

    private static String describe(Throwable cause) {
        StringBuilder text = new StringBuilder(cause.getClass().getName());
        if (cause instanceof Unavailable) {
            text.append(" (").append(cause.getMessage()).append(')');
        }
        StackTraceElement[] frames = cause.getStackTrace();
        for (int i = 0; i < Math.min(FRAMES, frames.length); i++) {
            text.append(" at ").append(frames[i]);
        }
        return text.toString();
    }

    /**
     * Writes the line of a request with this response status.
     *
     * @param threshold less severe lines are not logged; their metrics are still sent, without a level
     */
    public void write(int status, Instant now, LogLevel threshold, BiConsumer<byte[], LogLevel> logger) {
        put("status", status);
        write(level(status).compareTo(least) > 0 ? level(status) : least, now, threshold, logger);
    }

    /** Writes the line of an invocation without a caller. */
    void write(LogLevel level, Instant now, LogLevel threshold, BiConsumer<byte[], LogLevel> logger) {
        Map<String, @Nullable Object> line = new LinkedHashMap<>();
        boolean isLogged = level.compareTo(threshold) >= 0;
        Duration time = Duration.ofNanos(ticker.read() - began);
        if (isLogged) {
            line.put("level", level.name());
            line.put("timestamp", now.toString());
            line.putAll(members);
            line.put("durationMs", time.toMillis());
            line.put(FUNCTION_NAME, functionName);
        }
        Map<Metric, Object> metrics = metrics(time);
        if (!metrics.isEmpty()) {
            addMetrics(line, metrics, now);
        }
        if (line.isEmpty()) {
            return;
        }
        // Bytes are logged unchanged. Lambda would wrap text in a member of another JSON line.
        logger.accept(
                (Json.write(line) + '\n').getBytes(StandardCharsets.UTF_8), isLogged ? level : LogLevel.UNDEFINED);
    }

    private static LogLevel level(int status) {
        if (status >= 500) {
            return LogLevel.ERROR;
        }
        return status == 429 ? LogLevel.WARN : LogLevel.INFO;
    }

    private Map<Metric, Object> metrics(Duration time) {
        Map<Metric, Object> metrics = new LinkedHashMap<>(counts);
        if (hasCalled) {
            metrics.put(Metric.DYNAMODB_LATENCY, latencies.json());
        }
        if (isMeasured) {
            metrics.put(Metric.SERVICE_LATENCY, Math.max(0, time.minus(waited).toMillis()));
        }
        return metrics;
    }

    /**
     * Adds the metrics for CloudWatch. They are valid by construction: fewer than the 100 metrics that a directive may
     * have, at most two of the 30 dimensions that a set may have, and {@link Samples} limits the values of each metric.
     */
    private void addMetrics(Map<String, @Nullable Object> line, Map<Metric, Object> metrics, Instant now) {
        List<Map<String, Object>> byFunction = new ArrayList<>();
        List<Map<String, Object>> byCode = new ArrayList<>();
        line.put(FUNCTION_NAME, functionName);
        for (var metric : metrics.entrySet()) {
            String name = metric.getKey().text();
            (metric.getKey().isByCode() ? byCode : byFunction)
                    .add(Map.of("Name", name, "Unit", metric.getKey().unit()));
            if (metric.getKey().isByCode()) {
                line.put(CODE, members.get(CODE));
            }
            line.put(name, metric.getValue());
        }
        List<Map<String, Object>> directives = new ArrayList<>();
        addDirective(directives, List.of(List.of(FUNCTION_NAME)), byFunction);
        addDirective(directives, List.of(List.of(FUNCTION_NAME), List.of(FUNCTION_NAME, CODE)), byCode);
        line.put("_aws", Map.of("Timestamp", now.toEpochMilli(), "CloudWatchMetrics", directives));
    }

    private static void addDirective(
            List<Map<String, Object>> directives, List<List<String>> dimensions, List<Map<String, Object>> metrics) {
        if (!metrics.isEmpty()) {
            directives.add(Map.of("Namespace", NAMESPACE, "Dimensions", dimensions, "Metrics", metrics));
        }
    }
}
