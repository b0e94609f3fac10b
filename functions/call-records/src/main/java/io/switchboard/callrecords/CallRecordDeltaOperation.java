package io.switchboard.callrecords;

import io.switchboard.callrecords.graph.GraphRequest;
import io.switchboard.callrecords.graph.Paging;
import io.switchboard.callrecords.graph.Shape;
import io.switchboard.callrecords.model.CallRecordTypes;
import io.switchboard.callrecords.store.CallRecordChanges;
import io.switchboard.callrecords.store.CallRecordChanges.ChangedRecord;
import io.switchboard.callrecords.store.CallRecordChanges.ChangesPage;
import io.switchboard.callrecords.store.ChangesPosition;
import io.switchboard.http.ErrorCode;
import io.switchboard.http.Refusal;
import io.switchboard.http.Request;
import io.switchboard.http.Response;
import io.switchboard.storage.InvalidPosition;
import io.switchboard.storage.PageToken;
import io.switchboard.text.PercentEncoding;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Serves the delta function of call records: all records first, in pages, and later what changed since. Thread-safe.
 */
final class CallRecordDeltaOperation {
    static final String DELTA = "delta";

    private static final String DELTA_TOKEN = "$deltatoken";
    private static final String LATEST = "latest";

    private final CallRecordChanges changes;

    CallRecordDeltaOperation(CallRecordChanges changes) {
        this.changes = changes;
    }

    Response delta(Request from) {
        GraphRequest request = GraphRequest.of(from);
        Map<String, String> options = new TreeMap<>(from.query(Set.of(Shape.SELECT, Paging.SKIP_TOKEN, DELTA_TOKEN)));
        Shape shape = Shape.of(options, CallRecordTypes.callRecord());
        @Nullable String skip = options.remove(Paging.SKIP_TOKEN);
        @Nullable String delta = options.remove(DELTA_TOKEN);
        if (skip != null && delta != null) {
            throw Refusal.invalid(
                    "notAllowed",
                    DELTA_TOKEN,
                    "$deltatoken and $skiptoken exclude each other. Follow @odata.nextLink or @odata.deltaLink"
                            + " unchanged.");
        }
        String path = from.encodedPath();
        String scope = request.tenant() + " " + path + " " + options;
        ChangesPosition after = position(request, scope, skip, delta);
        if (after.isTooOld(request.now())) {
            throw Refusal.of(
                            ErrorCode.RESYNC_REQUIRED,
                            "The token is older than " + CallRecordChanges.LONGEST_PAUSE.toDays()
                                    + " days, so deletions since then may be forgotten. Start again at the URL in the"
                                    + " Location header, and replace what you have stored.")
                    .withHeader("Location", request.url(link(path, options)));
        }
        int size = request.preferences().pageSize(Paging.SESSIONS);
        ChangesPage page = changes.changes(request.tenant(), after, size, request.now());
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("@odata.context", request.context("communications/callRecords" + shape.context() + "/$delta"));
        List<Map<String, @Nullable Object>> value = new ArrayList<>();
        page.changes().forEach(change -> value.add(json(request, change, shape)));
        body.put("value", value);
        options.put(
                page.isLast() ? DELTA_TOKEN : Paging.SKIP_TOKEN,
                PageToken.of(scope, page.next().text()));
        body.put(page.isLast() ? "@odata.deltaLink" : "@odata.nextLink", request.url(link(path, options)));
        return request.page(body, Paging.SESSIONS);
    }

    private static ChangesPosition position(
            GraphRequest request, String scope, @Nullable String skip, @Nullable String delta) {
        if (skip != null) {
            return position(scope, skip);
        }
        if (delta == null) {
            return ChangesPosition.start(request.now());
        }
        if (delta.equals(LATEST)) {
            return ChangesPosition.latest(request.now());
        }
        try {
            return position(scope, delta);
        } catch (InvalidPosition e) {
            throw Refusal.invalid(
                    "invalidPageToken",
                    DELTA_TOKEN,
                    "$deltatoken is not a token of this list. Use @odata.deltaLink unchanged, send $deltatoken=latest,"
                            + " or start again without $deltatoken.");
        }
    }

    private static ChangesPosition position(String scope, String token) {
        return ChangesPosition.of(PageToken.position(
                        scope, token, text -> ChangesPosition.of(text).isPresent()))
                .orElseThrow(InvalidPosition::new);
    }

    private static Map<String, @Nullable Object> json(GraphRequest request, ChangedRecord change, Shape shape) {
        if (change.record() != null) {
            Map<String, @Nullable Object> json = CallRecordOperations.json(request, change.record(), shape);
            // A consumer needs the id to find its copy.
            json.putIfAbsent("id", change.key().id());
            return json;
        }
        Map<String, @Nullable Object> removed = new LinkedHashMap<>();
        removed.put("@removed", Map.of("reason", "deleted"));
        removed.put("id", change.key().id());
        return removed;
    }

    private static String link(String path, Map<String, String> options) {
        List<String> query = new ArrayList<>();
        options.forEach((name, value) -> query.add(name + "=" + PercentEncoding.ofValue(value)));
        return query.isEmpty() ? path : path + "?" + String.join("&", query);
    }
}
