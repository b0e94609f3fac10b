package io.switchboard.session.resolve;

import io.switchboard.json.ObjectReader;
import io.switchboard.json.Violations;
import io.switchboard.recordsource.RecordQuery;
import io.switchboard.recordsource.RecordResult;
import io.switchboard.recordsource.RecordSource;
import io.switchboard.session.Anchor;
import io.switchboard.slug.QuerySlug;
import io.switchboard.slug.SlugText;
import io.switchboard.template.TabParameter;
import io.switchboard.text.Guid;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Collects the queries of one request, so that they are sent to the record source concurrently. A slug whose value is
 * not read yet gets {@link #PENDING}; after {@link #fetch}, the same texts are resolved again. Not thread-safe.
 */
final class RecordLookup {
    private static final int MAXIMUM_QUERIES = 20;
    private static final int MAXIMUM_ATTRIBUTES = 50;
    /** The most characters of attributes that are stored in the session, whose size is limited. */
    private static final int MAXIMUM_CAPTURED = 16_384;

    private static final SlugText.NoValue PENDING = new SlugText.NoValue("it is not read yet");
    private static final SlugText.NoValue NOT_CONFIGURED = new SlugText.NoValue("no record source is configured");
    private static final SlugText.NoValue NOT_AVAILABLE = new SlugText.NoValue("the record source did not respond");

    private final RecordSource source;
    private final @Nullable String entityName;
    private final @Nullable String entityId;
    /** The attributes of the anchor that do not have to be read. */
    private final Map<String, Object> known;
    /** Earlier attributes of the anchor, which are used if they cannot be read again. */
    private final Map<String, Object> earlier;

    private final Set<String> fetchedEarlier;
    /** Values and {@link SlugText.NoValue}, by attribute. */
    private final Map<String, Object> attributes = new LinkedHashMap<>();

    private final Map<String, RecordResult> queries = new HashMap<>();
    private final Set<String> pendingAttributes = new LinkedHashSet<>();
    private final Map<String, RecordQuery.FirstRow> pendingQueries = new LinkedHashMap<>();
    private final Set<String> used = new HashSet<>();
    private final Set<String> notRefreshed = new HashSet<>();
    private int captured;

    private RecordLookup(
            RecordSource source,
            Anchor anchor,
            Map<String, Object> known,
            Map<String, Object> earlier,
            Set<String> fetchedEarlier) {
        this.source = source;
        this.entityName = anchor.entityName();
        this.entityId = anchor.entityId();
        this.known = known;
        this.earlier = earlier;
        this.fetchedEarlier = fetchedEarlier;
    }

    /** Uses the known attributes of the anchor and reads other ones. */
    static RecordLookup of(Anchor anchor, RecordSource source) {
        return new RecordLookup(source, anchor, anchor.attributes(), Map.of(), anchor.fetched());
    }

    /** Reads all attributes again that came from the record source before. */
    static RecordLookup refreshing(Anchor anchor, RecordSource source) {
        Map<String, Object> pairs = new LinkedHashMap<>(anchor.attributes());
        pairs.keySet().removeAll(anchor.fetched());
        Map<String, Object> earlier = new LinkedHashMap<>(anchor.attributes());
        earlier.keySet().retainAll(anchor.fetched());
        return new RecordLookup(source, anchor, pairs, earlier, anchor.fetched());
    }

    /** Reads all attributes again that came from the record source before, even unused ones, for later slugs. */
    void refresh() {
        fetchedEarlier.forEach(this::known);
    }

    /** Returns the value of an attribute of the anchor's record, or the reason why it has none. */
    Object attribute(String name) {
        used.add(name);
        return known(name);
    }

    private Object known(String name) {
        @Nullable Object value = known.get(name);
        if (value == null) {
            value = attributes.get(name);
        }
        if (value != null) {
            return value;
        }
        if (pendingAttributes.contains(name)) {
            return PENDING;
        }
        SlugText.@Nullable NoValue refused = refusal(name);
        if (refused == null) {
            pendingAttributes.add(name);
            return PENDING;
        }
        @Nullable Object before = earlier.get(name);
        if (before != null) {
            notRefreshed.add(name);
        }
        Object answer = before == null ? refused : before;
        attributes.put(name, answer);
        return answer;
    }

    private SlugText.@Nullable NoValue refusal(String name) {
        if (entityName == null || entityId == null) {
            return new SlugText.NoValue("the anchor is not a record, and parametersStr does not contain that name");
        }
        if (!source.isSetUp()) {
            return new SlugText.NoValue("parametersStr does not contain that name, and no record source is configured");
        }
        if (!Guid.isGuid(entityId)) {
            return new SlugText.NoValue("parametersStr does not contain that name, and its entityId is not a GUID");
        }
        if (!QuerySlug.ATTRIBUTE.matcher(name).matches()) {
            return new SlugText.NoValue("it is not a valid attribute name");
        }
        return attributes.size() + pendingAttributes.size() < MAXIMUM_ATTRIBUTES
                ? null
                : new SlugText.NoValue("at most " + MAXIMUM_ATTRIBUTES + " attributes of the record are read");
    }

    /**
     * Returns the value of a query, or the reason why it has none.
     *
     * @param inner provides the values of its inner slugs
     */
    Object query(String key, SlugText.Source inner) {
        @Nullable QuerySlug slug = QuerySlug.of(key);
        if (slug == null) {
            return new SlugText.NoValue("it is not a query of the form {$odata.entity.attribute.?options}");
        }
        if (!source.isSetUp()) {
            return NOT_CONFIGURED;
        }
        Object composed = slug.compose(inner);
        if (!(composed instanceof String options)) {
            return composed;
        }
        // Identifiers do not contain question marks, so that the parts stay distinguishable.
        String question = slug.entity() + '?' + options;
        @Nullable RecordResult answer = queries.get(question);
        if (answer != null) {
            return value(answer, slug.attribute());
        }
        if (!pendingQueries.containsKey(question)) {
            if (queries.size() + pendingQueries.size() >= MAXIMUM_QUERIES) {
                return new SlugText.NoValue("at most " + MAXIMUM_QUERIES + " queries are allowed in one request");
            }
            pendingQueries.put(question, new RecordQuery.FirstRow(slug.entity(), options));
        }
        return PENDING;
    }

    /**
     * Repeats a pass over all texts until it needs no more reads. A value of a record can be part of the query for
     * another one, so that each pass can lead to further reads.
     *
     * @param violations receives the violations of the last pass
     */
    <T> T untilKnown(Violations violations, Function<Violations, T> pass) {
        while (true) {
            Violations found = new Violations();
            T resolved = pass.apply(found);
            if (!fetch()) {
                violations.addAll(found);
                return resolved;
            }
        }
    }

    /** Sends the pending queries; returns false if there were none. */
    private boolean fetch() {
        List<RecordQuery> pending = new ArrayList<>();
        if (!pendingAttributes.isEmpty() && entityName != null && entityId != null) {
            Set<String> columns = new LinkedHashSet<>();
            for (String attribute : pendingAttributes) {
                int annotation = attribute.indexOf('@');
                columns.add(annotation < 0 ? attribute : attribute.substring(0, annotation));
            }
            pending.add(new RecordQuery.Columns(entityName, entityId, List.copyOf(columns)));
        }
        pending.addAll(pendingQueries.values());
        if (pending.isEmpty()) {
            return false;
        }
        List<RecordResult> answers = source.query(pending);
        int next = 0;
        if (!pendingAttributes.isEmpty()) {
            takeRecord(answers.get(next++));
        }
        for (String question : pendingQueries.keySet()) {
            queries.put(question, answers.get(next++));
        }
        pendingAttributes.clear();
        pendingQueries.clear();
        return true;
    }

    private void takeRecord(RecordResult answer) {
        for (String name : pendingAttributes) {
            Object value = value(answer, name);
            if (!(value instanceof SlugText.NoValue)) {
                captured += ObjectReader.textOf(value).length();
                if (captured > MAXIMUM_CAPTURED) {
                    value = new SlugText.NoValue("the record's values are too long in total");
                }
            } else if (!(answer instanceof RecordResult.Found) && earlier.containsKey(name)) {
                value = earlier.get(name);
                notRefreshed.add(name);
            }
            attributes.put(name, value);
        }
    }

    private static Object value(RecordResult answer, String member) {
        return switch (answer) {
            case RecordResult.Found found -> value(found.members().get(member));
            case RecordResult.NotFound nothing -> new SlugText.NoValue("the record does not exist");
            case RecordResult.UnknownEntity unknown ->
                new SlugText.NoValue("the record source does not have that entity");
            case RecordResult.NotSetUp none -> NOT_CONFIGURED;
            case RecordResult.Failed failed -> NOT_AVAILABLE;
        };
    }

    private static Object value(@Nullable Object member) {
        if (!ObjectReader.isScalar(member) || member == null) {
            return new SlugText.NoValue(
                    member == null
                            ? "the attribute is empty in the record"
                            : "the attribute is not a string, number or boolean in the record");
        }
        return ObjectReader.textOf(member).length() <= TabParameter.MAXIMUM_LENGTH
                ? member
                : new SlugText.NoValue("the attribute is longer than " + TabParameter.MAXIMUM_LENGTH + " characters");
    }

    /** Returns true if a text contains an earlier value of an attribute, because the record could not be read again. */
    boolean usesEarlierValues() {
        for (String name : notRefreshed) {
            if (used.contains(name)) {
                return true;
            }
        }
        return false;
    }

    /** Returns the anchor with its current attributes. */
    Anchor anchor() {
        Map<String, Object> all = new LinkedHashMap<>(known);
        all.putAll(earlier);
        Set<String> fetched = new LinkedHashSet<>(fetchedEarlier);
        for (var attribute : attributes.entrySet()) {
            if (attribute.getValue() instanceof SlugText.NoValue) {
                // The attribute was read again and no longer exists.
                all.remove(attribute.getKey());
                fetched.remove(attribute.getKey());
            } else {
                all.put(attribute.getKey(), attribute.getValue());
                fetched.add(attribute.getKey());
            }
        }
        return new Anchor(entityName, entityId, all, fetched);
    }
}
