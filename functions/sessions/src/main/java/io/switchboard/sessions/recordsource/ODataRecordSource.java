package io.switchboard.sessions.recordsource;

import io.switchboard.json.ObjectReader;
import io.switchboard.recordsource.RecordAnswer;
import io.switchboard.recordsource.RecordQuestion;
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
 * One tenant's OData v4 service, for one request. Everything together, from the secret to the last answer, takes two seconds at
 * most, and less where the request has less left ({@link Deadline}). Not thread-safe; what it starts are threads of its own.
 */
final class ODataRecordSource implements RecordSource {
    static final Duration TIME = Duration.ofSeconds(2);
    private static final String WHO = "recordSource";
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

    /** What every question needs. */
    private record Access(RecordSourceSettings settings, String token) {}

    @Override
    public List<RecordAnswer> ask(List<RecordQuestion> questions) {
        if (!hasBegun) {
            hasBegun = true;
            Duration left = Deadline.left();
            deadline = ticker.read() + (left.compareTo(time) < 0 ? left : time).toNanos();
        }
        long began = ticker.read();
        try {
            // Not ended where it is not waited for: what it reads serves the next request.
            @Nullable RecordSourceSettings settings = await(start(() -> sources.settings(tenant)), false);
            if (settings == null) {
                return all(questions.size(), new RecordAnswer.NotSetUp());
            }
            String token = await(start(() -> sources.token(tenant, settings, deadline)), true);
            return askAll(questions, new Access(settings, token));
        } catch (RecordSourceFault e) {
            RequestLog.current().recordSourceFailed(e.kind());
            return all(questions.size(), new RecordAnswer.Failed());
        } finally {
            RequestLog.current().waited(Duration.ofNanos(ticker.read() - began));
        }
    }

    private List<RecordAnswer> askAll(List<RecordQuestion> questions, Access access) {
        List<FutureTask<RecordAnswer>> asked = new ArrayList<>();
        for (RecordQuestion question : questions) {
            asked.add(start(() -> answer(question, access)));
        }
        List<RecordAnswer> answers = new ArrayList<>();
        for (FutureTask<RecordAnswer> task : asked) {
            try {
                answers.add(await(task, true));
            } catch (RecordSourceFault e) {
                RequestLog.current().recordSourceFailed(e.kind());
                answers.add(new RecordAnswer.Failed());
            }
        }
        return answers;
    }

    private RecordAnswer answer(RecordQuestion question, Access access) throws RecordSourceFault {
        @Nullable String set = access.settings.entities().get(question.entity());
        if (set == null) {
            return new RecordAnswer.UnknownEntity();
        }
        String address = access.settings.baseUrl() + '/' + set;
        return switch (question) {
            case RecordQuestion.Columns columns -> {
                try {
                    yield new RecordAnswer.Found(get(
                            address + '(' + columns.id() + ")?$select=" + String.join(",", columns.columns()),
                            "odata.include-annotations=\"*\"",
                            access));
                } catch (RecordSourceFault e) {
                    if (!e.isNotFound()) {
                        throw e;
                    }
                    yield new RecordAnswer.Nothing();
                }
            }
            case RecordQuestion.FirstRow query ->
                firstRow(get(
                        query.options().isEmpty() ? address : address + '?' + query.options(),
                        "odata.include-annotations=\"*\",odata.maxpagesize=1",
                        access));
        };
    }

    private static RecordAnswer firstRow(Map<String, @Nullable Object> answer) throws RecordSourceFault {
        if (!(answer.get("value") instanceof List<?> rows)) {
            throw new RecordSourceFault(WHO + " malformed");
        }
        if (rows.isEmpty()) {
            return new RecordAnswer.Nothing();
        }
        if (!(rows.getFirst() instanceof Map<?, ?> row)) {
            throw new RecordSourceFault(WHO + " malformed");
        }
        return new RecordAnswer.Found(ObjectReader.members(row));
    }

    /** A token may have been withdrawn before its time: the first refusal is answered with a fresh one. */
    private Map<String, @Nullable Object> get(String url, String preference, Access access) throws RecordSourceFault {
        try {
            return new Exchange(WHO, ticker, deadline).get(url, headers(access.token, preference));
        } catch (RecordSourceFault e) {
            if (!e.isUnauthorized()) {
                throw e;
            }
        }
        String fresh = sources.tokenInsteadOf(access.token, tenant, access.settings, deadline);
        return new Exchange(WHO, ticker, deadline).get(url, headers(fresh, preference));
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
        // By its name, what the thread does is known to be the function's.
        Thread.ofVirtual().name(RequestLog.current().functionName() + THREAD).start(task);
        return task;
    }

    private <T extends @Nullable Object> T await(FutureTask<T> task, boolean isEndedWithUs) throws RecordSourceFault {
        try {
            return task.get(Math.max(0, deadline - ticker.read()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new RecordSourceFault(WHO + " timeOut");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RecordSourceFault(WHO + " interrupted");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RecordSourceFault fault) {
                throw fault;
            }
            throw new IllegalStateException("A question to the record source broke", e.getCause());
        } finally {
            if (isEndedWithUs) {
                // Socket and all, where it was not waited for.
                task.cancel(true);
            }
        }
    }

    private static List<RecordAnswer> all(int count, RecordAnswer answer) {
        List<RecordAnswer> answers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            answers.add(answer);
        }
        return answers;
    }
}
