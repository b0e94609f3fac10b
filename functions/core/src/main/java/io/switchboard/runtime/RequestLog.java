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
 * What becomes of one request, for its one line of JSON in the log and the metrics in that line (CloudWatch's embedded metric
 * format). Bound for each request like {@link Deadline}, so that what happens deep below is counted where it happens.
 *
 * <p>Holds no names, numbers, bodies or tokens: callers are known by tenant only, paths by their pattern. What CloudWatch takes out
 * as metric or dimension is spelled {@code LikeThis}, what is only there to be read {@code likeThis}. Below the function's log level
 * only the metrics are written. Not thread-safe.
 */
public final class RequestLog {
    private static final ScopedValue<RequestLog> CURRENT = ScopedValue.newInstance();

    private static final String NAMESPACE = "Switchboard";
    private static final String FUNCTION_NAME = "FunctionName";
    private static final String CODE = "Code";
    private static final String CORRELATION_ID = "correlationId";
    private static final int FRAMES = 8;
    /** How many causes of one fault a line has. */
    private static final int MOST_CAUSES = 8;
    /** How many faults of third parties a line names; metrics count all of them. */
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
     * The log of a request that begins now.
     *
     * @param ticker measures how long it takes, and its calls to DynamoDB
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

    /** The log of the request at hand; one that nobody reads where none is being served: tests, and priming before a snapshot. */
    public static RequestLog current() {
        return CURRENT.isBound() ? CURRENT.get() : new RequestLog("", Deadline.ticker());
    }

    /** The function that serves the request, as Lambda names it; empty where none is being served. */
    public String functionName() {
        return functionName;
    }

    /** Serves one request under this log. */
    public <T, X extends Throwable> T during(ScopedValue.CallableOp<T, X> request) throws X {
        return ScopedValue.where(CURRENT, this).call(request);
    }

    /** Something happened once. */
    public void count(Metric metric) {
        count(metric, 1);
    }

    /** Something happened so many times; none is not sent. */
    public void count(Metric metric, int times) {
        if (times > 0) {
            counts.merge(metric, times, Integer::sum);
        }
    }

    /**
     * A call to DynamoDB begins.
     *
     * @param operation as DynamoDB names it
     */
    public void calling(String table, String operation) {
        this.table = table;
        this.dynamoDbOperation = operation;
        attempts = 0;
        calledAt = ticker.read();
    }

    /** A request goes out to DynamoDB, the first of a call or a retry. */
    public void roundTrip() {
        attempts++;
        count(Metric.DYNAMODB_ROUND_TRIPS);
    }

    /** The call to DynamoDB ended, well or not. */
    public void called() {
        hasCalled = true;
        latencies.add(Duration.ofNanos(ticker.read() - calledAt).toMillis());
    }

    /** The least severe line that a function logs, as Lambda sets {@code AWS_LAMBDA_LOG_LEVEL}; INFO by default. */
    public static LogLevel level(Map<String, String> environment) {
        return LogLevel.fromString(environment.getOrDefault("AWS_LAMBDA_LOG_LEVEL", "INFO"));
    }

    /** The request meets a route: {@link Metric#SERVICE_LATENCY} counts it. */
    public void measure() {
        isMeasured = true;
    }

    /** The request waited this long for a third party: a record source, or an endpoint that a subscriber names. */
    public void waited(Duration time) {
        waited = waited.plus(time);
    }

    /** A call was given up because DynamoDB throttles, or succeeded. */
    public void throttled(boolean throttled) {
        isThrottled = throttled;
    }

    /** Whether the last call that ended was given up because DynamoDB throttles. */
    public boolean isThrottled() {
        return isThrottled;
    }

    /**
     * A record source did not answer as it should.
     *
     * @param kind who failed and how, such as {@code recordSource 503}: no name, address, query or value
     */
    public void recordSourceFailed(String kind) {
        count(Metric.RECORD_SOURCE_FAILURES);
        note(recordSourceFaults, kind);
        put("recordSourceFaults", recordSourceFaults);
    }

    /**
     * An endpoint did not take a change notification.
     *
     * @param kind how it failed, such as {@code 503} or {@code timeOut}: no address, header or body
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

    /** The caller's correlation id: the header's, and then the body's, which takes precedence. */
    public void correlated(String correlationId) {
        put(CORRELATION_ID, correlationId);
    }

    /** The correlation id that takes effect; null if there is none. */
    @Nullable
    public String correlationId() {
        return members.get(CORRELATION_ID) instanceof String id ? id : null;
    }

    /** A member of the line; null is left out. */
    public void put(String name, @Nullable Object value) {
        if (value != null) {
            members.put(name, value);
        }
    }

    /** The request was refused with this error code. */
    public void refused(String code) {
        put(CODE, code);
        count(Metric.REQUESTS_REFUSED);
    }

    /**
     * A fault kept the request from being served.
     *
     * @param status the answer's
     * @param code the answer's error code
     */
    public void failed(int status, String code, Throwable fault) {
        put(CODE, code);
        partFailed(status, fault);
    }

    /**
     * A fault kept one part of a batch from being served; the others' answers go out.
     *
     * @param status the answer's
     */
    public void partFailed(int status, Throwable fault) {
        count(status == 429 ? Metric.REQUESTS_THROTTLED : Metric.REQUESTS_FAILED);
        if (level(status).compareTo(least) > 0) {
            least = level(status);
        }
        failed(fault);
    }

    /** What went wrong. Messages stay out where they could carry what a caller sent. */
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
     * Writes the line of a request that was answered with this status.
     *
     * @param threshold what is less severe is not logged; metrics are sent all the same, at no level
     */
    public void write(int status, Instant now, LogLevel threshold, BiConsumer<byte[], LogLevel> logger) {
        put("status", status);
        write(level(status).compareTo(least) > 0 ? level(status) : least, now, threshold, logger);
    }

    /** Writes the line of an invocation that has no caller. */
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
        // As bytes it reaches the log as it is; as text Lambda would wrap it in a member of a line of its own.
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
     * Adds what CloudWatch takes out of the line. Valid by construction: there are fewer metrics than the 100 that a directive may
     * have, at most two dimensions of the 30 that a set may have, and {@link Samples} bounds the values of each metric.
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
