package io.switchboard.template.store;

import io.switchboard.json.StoredDocument;
import io.switchboard.template.rule.Condition;
import io.switchboard.template.rule.Condition.Comparison;
import io.switchboard.template.rule.Operator;
import io.switchboard.template.rule.SelectionRule;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rules in the stored document of an app profile. */
final class StoredSelectionRules {
    private static final String NAME = "name";
    private static final String WHEN = "when";
    private static final String THEN = "then";
    private static final String KIND = "kind";
    private static final String OF = "of";
    private static final String ALL = "all";
    private static final String ANY = "any";
    private static final String NOT = "not";
    private static final String PATH = "path";
    private static final String OPERATOR = "op";
    private static final String VALUES = "values";
    private static final String VALUE = "value";
    private static final String TIME_ZONE = "timeZone";

    private StoredSelectionRules() {}

    static List<StoredDocument> write(StoredDocument document, List<SelectionRule> rules) {
        List<StoredDocument> written = new ArrayList<>();
        for (SelectionRule rule : rules) {
            written.add(document.inner()
                    .put(NAME, rule.name())
                    .putObject(WHEN, write(document.inner(), rule.when()))
                    .put(THEN, rule.then()));
        }
        return written;
    }

    private static StoredDocument write(StoredDocument object, Condition condition) {
        return switch (condition) {
            case Condition.All all -> object.put(KIND, ALL).putArray(OF, writeAll(object, all.of()));
            case Condition.AnyOf any -> object.put(KIND, ANY).putArray(OF, writeAll(object, any.of()));
            case Condition.Not not -> object.put(KIND, NOT).putArray(OF, writeAll(object, List.of(not.of())));
            case Comparison comparison -> {
                List<StoredDocument> values = new ArrayList<>();
                for (Object value : comparison.values()) {
                    values.add(object.inner().put(VALUE, value));
                }
                @Nullable ZoneId zone = comparison.timeZone();
                yield object.put(PATH, comparison.path())
                        .put(OPERATOR, comparison.operator().text())
                        .putArray(VALUES, values)
                        .put(TIME_ZONE, zone == null ? null : zone.getId(), null);
            }
        };
    }

    private static List<StoredDocument> writeAll(StoredDocument object, List<Condition> conditions) {
        List<StoredDocument> written = new ArrayList<>();
        for (Condition condition : conditions) {
            written.add(write(object.inner(), condition));
        }
        return written;
    }

    static List<SelectionRule> read(List<StoredDocument> rules) {
        List<SelectionRule> read = new ArrayList<>();
        for (StoredDocument rule : rules) {
            read.add(new SelectionRule(rule.text(NAME), condition(rule.object(WHEN)), rule.text(THEN)));
        }
        return read;
    }

    private static Condition condition(StoredDocument object) {
        return switch (object.text(KIND, PATH)) {
            case ALL -> new Condition.All(conditions(object));
            case ANY -> new Condition.AnyOf(conditions(object));
            case NOT -> new Condition.Not(conditions(object).getFirst());
            default -> comparison(object);
        };
    }

    private static List<Condition> conditions(StoredDocument object) {
        List<Condition> conditions = new ArrayList<>();
        for (StoredDocument inner : object.objects(OF)) {
            conditions.add(condition(inner));
        }
        return conditions;
    }

    private static Condition comparison(StoredDocument object) {
        List<Object> values = new ArrayList<>();
        for (StoredDocument value : object.objects(VALUES)) {
            @Nullable Object scalar = value.scalar(VALUE);
            if (scalar != null) {
                values.add(scalar);
            }
        }
        @Nullable String zone = object.textOrNull(TIME_ZONE);
        return new Comparison(
                object.text(PATH),
                object.oneOf(OPERATOR, Operator.BY_TEXT),
                values,
                zone == null ? null : ZoneId.of(zone));
    }
}
