package io.switchboard.sessions;

import io.switchboard.json.ObjectReader;
import io.switchboard.recordsource.RecordQuery;
import io.switchboard.recordsource.RecordResult;
import io.switchboard.recordsource.RecordSource;
import io.switchboard.template.rule.Facts;
import io.switchboard.template.rule.Path;
import io.switchboard.text.Guid;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The values of a request to create a session that the rules of an app profile compare. The record is read when a rule
 * first compares one of its columns, at most once. Not thread-safe.
 */
final class RequestFacts implements Facts {
    private final SessionRequest wanted;
    private final Set<String> roles;
    private final RecordSource records;
    private final Instant now;
    private List<String> columns = List.of();
    private @Nullable Map<String, @Nullable Object> record;

    /** @param records the source of the record; {@link RecordSource#NONE} reads none, so that no rule on it matches */
    RequestFacts(SessionRequest wanted, Set<String> roles, RecordSource records, Instant now) {
        this.wanted = wanted;
        this.roles = roles;
        this.records = records;
        this.now = now;
    }

    /** Returns the facts with the columns that one read of the record returns. */
    RequestFacts withColumns(List<String> ofRules) {
        if (!columns.equals(ofRules)) {
            columns = ofRules;
            record = null;
        }
        return this;
    }

    @Override
    public Instant now() {
        return now;
    }

    @Override
    public List<Object> values(String path) {
        return switch (path) {
            case Path.CHANNEL -> scalars(wanted.channel());
            case Path.ENTITY -> scalars(wanted.entityName().isEmpty() ? null : wanted.entityName());
            case Path.ROLES -> List.copyOf(roles);
            default ->
                Path.contextName(path)
                        .map(name -> scalars(wanted.input().context().get(name)))
                        .or(() -> Path.column(path).map(name -> scalars(record().get(name))))
                        .orElse(List.of());
        };
    }

    private static List<Object> scalars(@Nullable Object value) {
        List<Object> values = new ArrayList<>();
        for (Object each : value instanceof List<?> list ? list : value == null ? List.of() : List.of(value)) {
            if (ObjectReader.isScalar(each)) {
                values.add(each);
            }
        }
        return values;
    }

    /** Returns the members of the record; none if it has no valid id, or could not be read. */
    private Map<String, @Nullable Object> record() {
        @Nullable Map<String, @Nullable Object> known = record;
        if (known == null) {
            String id = wanted.input().anchorPairs().get("entityId") instanceof String text ? text : "";
            boolean isReadable = records.isSetUp() && !wanted.entityName().isEmpty() && Guid.isGuid(id);
            known = isReadable
                            && records.query(List.of(new RecordQuery.Columns(wanted.entityName(), id, columns)))
                                            .getFirst()
                                    instanceof RecordResult.Found found
                    ? found.members()
                    : Map.of();
            record = known;
        }
        return known;
    }
}
