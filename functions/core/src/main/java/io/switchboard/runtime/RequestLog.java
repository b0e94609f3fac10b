package io.switchboard.runtime;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import io.switchboard.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Collects the log line of one request: one line of JSON with its metrics, which the metric filters of
 * {@code function-alarms.yaml} extract. It is bound for each request like {@link Deadline}, so that all layers can add
 * to it.
 *
 * <p>The line contains no names, numbers, bodies or tokens: callers appear by tenant only, paths by their pattern.
 * Metrics and dimensions of CloudWatch are spelled {@code LikeThis}, all other members {@code likeThis}. Members that
 * repeat others, or that have their usual value, are left out. Below the log level of the function, only the metrics
 * are written. Not thread-safe.
 */
public final class RequestLog {
    private static final ScopedValue<RequestLog> CURRENT = ScopedValue.newInstance();

    private static final String FUNCTION_NAME = "FunctionName";
    private static final String CODE = "Code";
    private static final String REQUEST_ID = "requestId";
    private static final String CORRELATION_ID = "correlationId";
    private static final String TRACE_ROOT = "Root=";
    private static final int FRAMES = 8;
    /** The most causes of one fault in a line. */
    private static final int MOST_CAUSES = 8;
    /** The most faults of third parties in a line; metrics count all of them. */
    private static final int MOST_FAULTS = 20;

    private final String functionName;
    private final String invocationId;
    private final Map<String, @Nullable Object> members = new LinkedHashMap<>();
    private final Map<Metric, Integer> counts = new LinkedHashMap<>();
    private final List<Object> recordSourceFaults = new ArrayList<>();
    private final List<Object> notificationFaults = new ArrayList<>();
    private final Ticker ticker;
    private final long began;
    private long calledAt;
    private String table = "";
    private String dynamoDbOperation = "";
    private int attempts;
    private boolean isThrottled;
    private boolean isMeasured;
    private Duration waited = Duration.ZERO;
    /** The longest call to DynamoDB; null before the first. */
    private @Nullable Duration longestCall;

    private LogLevel least = LogLevel.INFO;

    private RequestLog(String functionName, String invocationId, Ticker ticker) {
        this.functionName = functionName;
        this.invocationId = invocationId;
        this.ticker = ticker;
        this.began = ticker.read();
    }

    /**
     * Returns the log of a request that begins now.
     *
     * @param ticker measures the duration of the request and its calls to DynamoDB
     */
    public static RequestLog of(Context context, boolean isColdStart, Ticker ticker) {
        RequestLog log = new RequestLog(context.getFunctionName(), context.getAwsRequestId(), ticker);
        log.put("functionVersion", context.getFunctionVersion());
        log.put("traceId", storedTrace(context.getXrayTraceId()));
        if (isColdStart) {
            log.put("coldStart", true);
            log.count(Metric.COLD_STARTS);
        }
        return log;
    }

    /** Returns the id of the trace in X-Ray's header; null if X-Ray does not store the trace. */
    private static @Nullable String storedTrace(@Nullable String header) {
        if (header == null || !header.contains("Sampled=1")) {
            return null;
        }
        for (String part : header.split(";", -1)) {
            if (part.startsWith(TRACE_ROOT)) {
                return part.substring(TRACE_ROOT.length());
            }
        }
        return null;
    }

    /**
     * Returns the log of the current request. Outside of a request, in tests and during priming, it is a log that is
     * discarded.
     */
    public static RequestLog current() {
        return CURRENT.isBound() ? CURRENT.get() : new RequestLog("", "", Deadline.ticker());
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
        Duration time = Duration.ofNanos(ticker.read() - calledAt);
        if (longestCall == null || longestCall.compareTo(time) < 0) {
            longestCall = time;
        }
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

    /**
     * Records the warnings of a body of a call record.
     *
     * @param names the code and the path of each warning, such as {@code unknownProperty segments[0].foo}: names of
     *     members, never values; the first ones are logged
     * @param count the number of warnings
     */
    public void callRecordWarned(Collection<String> names, int count) {
        count(Metric.CALL_RECORD_WARNINGS, count);
        put("callRecordWarnings", names.stream().limit(MOST_FAULTS).toList());
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

    /** Returns the id of the request that is served; null for an invocation without a request. */
    @Nullable
    public String requestId() {
        return members.get(REQUEST_ID) instanceof String id ? id : null;
    }

    /** Records the id of the request, which its response has too. */
    public void setRequestId(@Nullable String requestId) {
        put(REQUEST_ID, requestId);
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
        StackTraceElement[] outer = {};
        for (Throwable cause = fault; cause != null && causes.size() < MOST_CAUSES; cause = cause.getCause()) {
            causes.add(describe(cause, outer));
            outer = cause.getStackTrace();
        }
        described.put("causes", causes);
        put("fault", described);
    }

    /** @param outer the frames of the exception around this one, of which the first are described already */
    private static String describe(Throwable cause, StackTraceElement[] outer) {
        StringBuilder text = new StringBuilder(cause.getClass().getName());
        if (cause instanceof Unavailable) {
            text.append(" (").append(cause.getMessage()).append(')');
        }
        StackTraceElement[] frames = cause.getStackTrace();
        int own = frames.length - inCommon(frames, outer);
        for (int i = 0; i < Math.min(FRAMES, frames.length); i++) {
            boolean isDescribed = i >= own && i - frames.length + outer.length < FRAMES;
            // The first frame is the place of the cause, also if the exception around it has the same one.
            if (i == 0 || !isDescribed) {
                text.append(" at ").append(frames[i]);
            }
        }
        return text.toString();
    }

    /** Returns the number of frames at the end of both stack traces that are equal. */
    private static int inCommon(StackTraceElement[] frames, StackTraceElement[] outer) {
        int count = 0;
        while (count < Math.min(frames.length, outer.length)
                && frames[frames.length - 1 - count].equals(outer[outer.length - 1 - count])) {
            count++;
        }
        return count;
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
            // Lambda treats a line without a time as INFO and adds a time, so leaving it out would save nothing.
            line.put("timestamp", now.truncatedTo(ChronoUnit.MILLIS).toString());
            if (level.compareTo(LogLevel.INFO) > 0) {
                // Lambda's own lines have it too. For other lines, the access log has the invocation of each request.
                line.put("invocationId", invocationId);
            }
            line.putAll(members);
            line.put("durationMs", time.toMillis());
        }
        addMetrics(line, time);
        if (line.isEmpty()) {
            return;
        }
        line.put(FUNCTION_NAME, functionName);
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

    private void addMetrics(Map<String, @Nullable Object> line, Duration time) {
        for (var count : counts.entrySet()) {
            line.put(count.getKey().text(), count.getValue());
            if (count.getKey().isByCode()) {
                line.put(CODE, members.get(CODE));
            }
        }
        if (longestCall != null) {
            line.put(Metric.DYNAMODB_LATENCY.text(), longestCall.toMillis());
        }
        if (isMeasured) {
            line.put(
                    Metric.SERVICE_LATENCY.text(),
                    Math.max(0, time.minus(waited).toMillis()));
        }
    }
}
