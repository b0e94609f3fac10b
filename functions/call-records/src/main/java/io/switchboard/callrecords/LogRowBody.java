package io.switchboard.callrecords;

import io.switchboard.callrecords.graph.GraphIds;
import io.switchboard.callrecords.graph.GraphRequest;
import io.switchboard.callrecords.model.EntityType;
import io.switchboard.callrecords.model.GraphInstant;
import io.switchboard.callrecords.model.Purpose;
import io.switchboard.callrecords.model.ReadContext;
import io.switchboard.callrecords.store.CallRecordKey;
import io.switchboard.callrecords.store.LogRow;
import io.switchboard.callrecords.store.LogRowKind;
import io.switchboard.callrecords.store.LogRowStore;
import io.switchboard.http.Refusal;
import io.switchboard.json.Json;
import io.switchboard.json.ObjectReader;
import io.switchboard.json.Violations;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads posted rows of logs: one, or a page as Graph returns it. For one use, not thread-safe. */
final class LogRowBody {
    /** The most rows of a request: a page of Graph. */
    static final int MOST_ROWS = 1_000;

    private static final String VALUE = "value";

    /** Graph's text for a time that does not exist, such as that of the failure of a successful call. */
    private static final String NO_TIME = "0001-01-01T00:00:00";

    private final LogRowKind kind;
    private final EntityType type;
    private final GraphRequest request;
    private final Violations violations = new Violations();
    private final @Nullable Violations warnings;

    private LogRowBody(LogRowKind kind, GraphRequest request) {
        this.kind = kind;
        this.type = kind.type();
        this.request = request;
        this.warnings = request.newWarnings();
    }

    /**
     * Reads the rows that a request posts, and gives those without an id one that is derived from their content.
     * Warnings are added to the request.
     *
     * @throws Refusal 400 naming every violation of every row
     */
    static List<LogRow> of(LogRowKind kind, GraphRequest request) {
        LogRowBody body = new LogRowBody(kind, request);
        List<LogRow> rows = body.rows(request.newBody());
        Refusal.ifAny(body.violations);
        request.warn(body.warnings);
        return rows;
    }

    private List<LogRow> rows(Map<String, @Nullable Object> body) {
        List<LogRow> rows = new ArrayList<>();
        if (!body.containsKey(VALUE)) {
            add(rows, body, "");
        } else if (!(body.get(VALUE) instanceof List<?> page)) {
            new ObjectReader(body, "", violations).wrongType(VALUE, "an array of rows", body.get(VALUE));
        } else if (page.size() > MOST_ROWS) {
            violations.add(
                    "tooMany",
                    VALUE,
                    "value has " + page.size() + " rows; at most " + MOST_ROWS
                            + " are allowed. Send the others in further requests.");
        } else {
            for (String name : body.keySet()) {
                if (!name.equals(VALUE) && name.indexOf('@') < 0) {
                    violations.add("unknownProperty", name, name + " is not recognised next to value. Remove it.");
                }
            }
            for (int i = 0; i < page.size(); i++) {
                add(rows, page.get(i), VALUE + "[" + i + "]");
            }
        }
        return rows;
    }

    private void add(List<LogRow> rows, @Nullable Object sent, String target) {
        if (!(sent instanceof Map<?, ?>)) {
            new ObjectReader(Map.of(), target, violations).wrongType("", "an object", sent);
            return;
        }
        Map<String, @Nullable Object> members = GraphIds.object(sent);
        String name = target.isEmpty() ? "The row" : target;
        if (hasNoValue(members)) {
            violations.add("required", target, name + " must have at least one property with a value.");
            return;
        }
        Map<String, @Nullable Object> content =
                type.read(members, new ReadContext(Purpose.CREATE, target, violations, warnings));
        Map<String, @Nullable Object> identified = GraphIds.identified(type, content, request.tenant());
        String id = GraphIds.id(identified);
        if (!CallRecordKey.fits(id) || id.isBlank()) {
            violations.add(
                    id.isBlank() ? "invalidValue" : "tooLong",
                    target.isEmpty() ? GraphIds.ID : target + ".id",
                    "id must be Unicode text that is not blank, of at most " + CallRecordKey.LONGEST_ID
                            + " bytes when encoded. Send another one, or omit it.");
            return;
        }
        Map<String, @Nullable Object> own = type.properties().contains(GraphIds.ID) ? identified : content;
        int size = Json.size(own);
        if (size > LogRowStore.LARGEST_ROW) {
            violations.add(
                    "tooLong",
                    target,
                    name + " has " + size + " bytes as JSON; at most " + LogRowStore.LARGEST_ROW + " are allowed.");
        }
        if (violations.isEmpty()) {
            rows.add(new LogRow(id, time(own), own));
        }
    }

    private static boolean hasNoValue(Map<String, @Nullable Object> members) {
        return members.entrySet().stream()
                .allMatch(member -> member.getValue() == null || member.getKey().indexOf('@') >= 0);
    }

    /** Returns the time by which a row is sorted: that of the request if the row has none. */
    private GraphInstant time(Map<String, @Nullable Object> row) {
        @Nullable GraphInstant time = instant(row, kind.time());
        time = time == null ? instant(row, kind.otherTime()) : time;
        return time == null ? GraphInstant.of(request.now().toString()).orElseThrow() : time;
    }

    private static @Nullable GraphInstant instant(Map<String, @Nullable Object> row, @Nullable String property) {
        return property != null && row.get(property) instanceof String text
                ? GraphInstant.of(text).filter(at -> !at.key().equals(NO_TIME)).orElse(null)
                : null;
    }
}
