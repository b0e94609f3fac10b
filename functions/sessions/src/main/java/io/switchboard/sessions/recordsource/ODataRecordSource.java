package io.switchboard.sessions.recordsource;

import io.switchboard.json.ObjectReader;
import io.switchboard.recordsource.RecordQuery;
import io.switchboard.recordsource.RecordResult;
import io.switchboard.recordsource.RecordSource;
import io.switchboard.runtime.Deadline;
import io.switchboard.runtime.RequestLog;
import io.switchboard.runtime.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Reads records from one tenant's OData v4 service, for one request. The whole read, from the secret to the last
 * response, takes at most two seconds, or the remaining time of the request ({@link Deadline}) if that is shorter. Not
 * thread-safe; it starts its own threads.
 */
final class ODataRecordSource implements RecordSource {
    static final Duration TIME = Duration.ofSeconds(2);
    private static final String NAME = "recordSource";
    private static final String THREAD = " record source";

    private final ODataRecordSources sources;
    private final String tenant;
    private final Ticker ticker;
    private final Duration time;
    private long deadline;
    private boolean hasBegun;

    ODataRecordSource(ODataRecordSources sources, String tenant, Ticker ticker, Duration time) {
        this.sources = sources;
        this.tenant = tenant;
        this.ticker = ticker;
        this.time = time;
    }

    /** The settings and the token for the queries. */
    private record Access(RecordSourceSettings settings, String token) {}

    @Override
    public List<RecordResult> query(List<RecordQuery> queries) {
        if (!hasBegun) {
            hasBegun = true;
            Duration left = Deadline.left();
            deadline = ticker.read() + (left.compareTo(time) < 0 ? left : time).toNanos();
        }
        long began = ticker.read();
        try {
            // Continues after a timeout, because the next request uses the settings.
            @Nullable RecordSourceSettings settings = await(start(() -> sources.settings(tenant)), false);
            if (settings == null) {
                return all(queries.size(), new RecordResult.NotSetUp());
            }
            String token = await(start(() -> sources.token(tenant, settings, deadline)), true);
            return askAll(queries, new Access(settings, token));
        } catch (RecordSourceFault e) {
            RequestLog.current().recordSourceFailed(e.kind());
            return all(queries.size(), new RecordResult.Failed());
        } finally {
            RequestLog.current().waited(Duration.ofNanos(ticker.read() - began));
        }
    }

    private List<RecordResult> askAll(List<RecordQuery> queries, Access access) {
        List<FutureTask<RecordResult>> asked = new ArrayList<>();
        for (RecordQuery query : queries) {
            asked.add(start(() -> answer(query, access)));
        }
        List<RecordResult> answers = new ArrayList<>();
        for (FutureTask<RecordResult> task : asked) {
            try {
                answers.add(await(task, true));
            } catch (RecordSourceFault e) {
                RequestLog.current().recordSourceFailed(e.kind());
                answers.add(new RecordResult.Failed());
            }
        }
        return answers;
    }

    private RecordResult answer(RecordQuery query, Access access) throws RecordSourceFault {
        @Nullable String set = access.settings.entities().get(query.entity());
        if (set == null) {
            return new RecordResult.UnknownEntity();
        }
        String address = access.settings.baseUrl() + '/' + set;
        return switch (query) {
            case RecordQuery.Columns columns -> {
                try {
                    yield new RecordResult.Found(get(
                            address + '(' + columns.id() + ")?$select=" + String.join(",", columns.columns()),
                            "odata.include-annotations=\"*\"",
                            access));
                } catch (RecordSourceFault e) {
                    if (!e.isNotFound()) {
                        throw e;
                    }
                    yield new RecordResult.NotFound();
                }
            }
            case RecordQuery.FirstRow row ->
                firstRow(get(
                        row.options().isEmpty() ? address : address + '?' + row.options(),
                        "odata.include-annotations=\"*\",odata.maxpagesize=1",
                        access));
        };
    }

    private static RecordResult firstRow(Map<String, @Nullable Object> answer) throws RecordSourceFault {
        if (!(answer.get("value") instanceof List<?> rows)) {
            throw new RecordSourceFault(NAME + " malformed");
        }
        if (rows.isEmpty()) {
            return new RecordResult.NotFound();
        }
        if (!(rows.getFirst() instanceof Map<?, ?> row)) {
            throw new RecordSourceFault(NAME + " malformed");
        }
        return new RecordResult.Found(ObjectReader.members(row));
    }

    /** Sends a GET request. On the first 401 it refreshes the token, which may have been revoked, and retries. */
    private Map<String, @Nullable Object> get(String url, String preference, Access access) throws RecordSourceFault {
        try {
            return new Exchange(NAME, ticker, deadline).get(url, headers(access.token, preference));
        } catch (RecordSourceFault e) {
            if (!e.isUnauthorized()) {
                throw e;
            }
        }
        String fresh = sources.tokenInsteadOf(access.token, tenant, access.settings, deadline);
        return new Exchange(NAME, ticker, deadline).get(url, headers(fresh, preference));
    }

    private static Map<String, String> headers(String token, String preference) {
        return Map.of(
                "Authorization",
                "Bearer " + token,
                "OData-MaxVersion",
                "4.0",
                "OData-Version",
                "4.0",
                "Prefer",
                preference);
    }

    private static <T extends @Nullable Object> FutureTask<T> start(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        // The thread name assigns the thread's work to the function.
        Thread.ofVirtual().name(RequestLog.current().functionName() + THREAD).start(task);
        return task;
    }

    private <T extends @Nullable Object> T await(FutureTask<T> task, boolean isCancelled) throws RecordSourceFault {
        try {
            return task.get(Math.max(0, deadline - ticker.read()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new RecordSourceFault(NAME + " timeOut");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RecordSourceFault(NAME + " interrupted");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RecordSourceFault fault) {
                throw fault;
            }
            throw new IllegalStateException("A query to the record source failed", e.getCause());
        } finally {
            if (isCancelled) {
                // Also closes the socket if the task is still running.
                task.cancel(true);
            }
        }
    }

    private static List<RecordResult> all(int count, RecordResult answer) {
        List<RecordResult> answers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            answers.add(answer);
        }
        return answers;
    }
}
