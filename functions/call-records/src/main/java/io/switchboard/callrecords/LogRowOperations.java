package io.switchboard.callrecords;

import io.switchboard.callrecords.graph.GraphRequest;
import io.switchboard.callrecords.graph.LogRowRangeParser;
import io.switchboard.callrecords.graph.Paging;
import io.switchboard.callrecords.graph.Shape;
import io.switchboard.callrecords.model.Projection;
import io.switchboard.callrecords.store.CallSessionStore;
import io.switchboard.callrecords.store.LogRow;
import io.switchboard.callrecords.store.LogRowCounts;
import io.switchboard.callrecords.store.LogRowKind;
import io.switchboard.callrecords.store.LogRowRange;
import io.switchboard.callrecords.store.LogRowStore;
import io.switchboard.http.Refusal;
import io.switchboard.http.Request;
import io.switchboard.http.Response;
import io.switchboard.json.Json;
import io.switchboard.json.Violations;
import io.switchboard.storage.Page;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The operations on one kind of rows of logs. Thread-safe. */
final class LogRowOperations {
    /** The parameters of the function, in the pattern of its route. */
    static final String RANGE = "range";

    private final LogRowKind kind;
    private final LogRowStore store;

    LogRowOperations(LogRowKind kind, LogRowStore store) {
        this.kind = kind;
        this.store = store;
    }

    /** Stores a row, or a page of them. */
    Response post(Request from) {
        GraphRequest request = GraphRequest.of(from);
        from.query(Set.of());
        List<LogRow> rows = LogRowBody.of(kind, request);
        LogRowCounts counts = store.put(request.tenant(), kind, rows, request.now());
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("created", counts.created());
        body.put("replaced", counts.replaced());
        body.put("unchanged", counts.unchanged());
        return request.changed(body);
    }

    /** Returns a page of the rows of a time range. */
    Response list(Request from) {
        GraphRequest request = GraphRequest.of(from);
        Map<String, String> options = from.query(Set.of(Shape.SELECT, Paging.TOP, Paging.COUNT, Paging.SKIP_TOKEN));
        Violations violations = new Violations();
        Shape shape = Shape.of(options, kind.type(), violations);
        @Nullable
        LogRowRange range = LogRowRangeParser.parse(request.tenant(), kind, from.pathParameter(RANGE), violations);
        Refusal.ifAny(violations);
        if (range == null) {
            throw new IllegalStateException("A range without violations must be complete");
        }
        boolean countsAll = Paging.isCountRequested(options);
        Paging paging =
                Paging.of(request, options, request.preferences().pageSize(Paging.LOG_ROWS), LogRowStore::isPosition);
        Page<LogRow> page = paging.read(requested -> store.list(range, requested, request.now()));
        List<LogRow> rows = page.items();
        List<Map<String, @Nullable Object>> value =
                shown(request, rows, request.preferences().projection(shape));
        // As in Graph, the count is that of the page, unless the request asks for all.
        boolean countsPage = !options.containsKey(Paging.COUNT);
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("@odata.context", request.context("Collection(" + kind.type().qualifiedName() + ")"));
        if (countsAll || countsPage) {
            body.put("@odata.count", countsAll ? store.count(range, request.now()) : value.size());
        }
        body.put("value", value);
        @Nullable
        String next = value.size() < rows.size() ? LogRowStore.position(rows.get(value.size() - 1)) : page.next();
        @Nullable String link = paging.nextLink(request, next, value.size());
        if (link != null) {
            body.put("@odata.nextLink", link);
        }
        return request.page(body, Paging.LOG_ROWS);
    }

    /** Returns the first rows that fit into a response. */
    private List<Map<String, @Nullable Object>> shown(GraphRequest request, List<LogRow> rows, Projection projection) {
        List<Map<String, @Nullable Object>> shown = new ArrayList<>();
        int size = 0;
        for (LogRow row : rows) {
            Map<String, @Nullable Object> json = kind.type().show(row.content(), projection);
            size += request.growth() * Json.escapedSize(json);
            if (size > CallSessionStore.LARGEST_RESPONSE && !shown.isEmpty()) {
                break;
            }
            shown.add(json);
        }
        return shown;
    }
}
