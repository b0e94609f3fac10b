package io.switchboard.session.resolve;

import io.switchboard.json.ObjectReader;
import io.switchboard.json.Violations;
import io.switchboard.recordsource.RecordAnswer;
import io.switchboard.recordsource.RecordQuestion;
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
 * What one request asks its record source, gathered so that it is asked side by side: a slug whose value is not known yet gets
 * {@link #PENDING}; then {@link #fetch}, then the same texts are resolved again. Not thread-safe.
 */
final class RecordLookup {
    private static final int MAXIMUM_QUERIES = 20;
    private static final int MAXIMUM_ATTRIBUTES = 50;
    /** So that a long memo does not make a session too large to be stored. */
    private static final int MAXIMUM_CAPTURED = 16_384;

    private static final SlugText.NoValue PENDING = new SlugText.NoValue("it was not asked for yet");
    private static final SlugText.NoValue NOT_SET_UP = new SlugText.NoValue("no record source is set up");
    private static final SlugText.NoValue DID_NOT_ANSWER = new SlugText.NoValue("the record source did not answer");

    private final RecordSource source;
    private final @Nullable String entityName;
    private final @Nullable String entityId;
    /** What is known of the anchor without asking. */
    private final Map<String, Object> known;
    /** What was known of the anchor once, and stands where nothing newer is to be had. */
    private final Map<String, Object> former;

    private final Set<String> formerlyFetched;
    /** Values and {@link SlugText.NoValue}, by attribute. */
    private final Map<String, Object> attributes = new LinkedHashMap<>();

    private final Map<String, RecordAnswer> queries = new HashMap<>();
    private final Set<String> pendingAttributes = new LinkedHashSet<>();
    private final Map<String, RecordQuestion.FirstRow> pendingQueries = new LinkedHashMap<>();
    private final Set<String> used = new HashSet<>();
    private final Set<String> notRefreshed = new HashSet<>();
    private int captured;

    private RecordLookup(
            RecordSource source,
            Anchor anchor,
            Map<String, Object> known,
            Map<String, Object> former,
            Set<String> formerlyFetched) {
        this.source = source;
        this.entityName = anchor.entityName();
        this.entityId = anchor.entityId();
        this.known = known;
        this.former = former;
        this.formerlyFetched = formerlyFetched;
    }

    /** Knows the anchor's attributes, and asks for others. */
    static RecordLookup of(Anchor anchor, RecordSource source) {
        return new RecordLookup(source, anchor, anchor.attributes(), Map.of(), anchor.fetched());
    }

    /** Asks again for all that came from the record source before. */
    static RecordLookup refreshing(Anchor anchor, RecordSource source) {
        Map<String, Object> pairs = new LinkedHashMap<>(anchor.attributes());
        pairs.keySet().removeAll(anchor.fetched());
        Map<String, Object> former = new LinkedHashMap<>(anchor.attributes());
        former.keySet().retainAll(anchor.fetched());
        return new RecordLookup(source, anchor, pairs, former, anchor.fetched());
    }

    /** Asks again for all that came from the record source before, be it used here or not: later slugs see it too. */
    void refresh() {
        formerlyFetched.forEach(this::known);
    }

    /** The value of an attribute of the anchor's record, or why there is none. */
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
        @Nullable Object before = former.get(name);
        if (before != null) {
            notRefreshed.add(name);
        }
        Object answer = before == null ? refused : before;
        attributes.put(name, answer);
        return answer;
    }

    private SlugText.@Nullable NoValue refusal(String name) {
        if (entityName == null || entityId == null) {
            return new SlugText.NoValue("the anchor is no record, and parametersStr has no pair of that name");
        }
        if (!source.isSetUp()) {
            return new SlugText.NoValue("parametersStr has no pair of that name, and no record source is set up");
        }
        if (!Guid.isGuid(entityId)) {
            return new SlugText.NoValue(
                    "parametersStr has no pair of that name, and its entityId is no GUID to look the record up by");
        }
        if (!QuerySlug.ATTRIBUTE.matcher(name).matches()) {
            return new SlugText.NoValue("that is no attribute's name");
        }
        return attributes.size() + pendingAttributes.size() < MAXIMUM_ATTRIBUTES
                ? null
                : new SlugText.NoValue("at most " + MAXIMUM_ATTRIBUTES + " attributes of the record are read");
    }

    /**
     * The value a query gives, or why there is none.
     *
     * @param inner gives the values of the slugs inside of it
     */
    Object query(String key, SlugText.Source inner) {
        @Nullable QuerySlug slug = QuerySlug.of(key);
        if (slug == null) {
            return new SlugText.NoValue("it is no query of the form {$odata.entity.attribute.?options}");
        }
        if (!source.isSetUp()) {
            return NOT_SET_UP;
        }
        Object composed = slug.compose(inner);
        if (!(composed instanceof String options)) {
            return composed;
        }
        // No identifier holds a question mark: the parts cannot run into each other.
        String question = slug.entity() + '?' + options;
        @Nullable RecordAnswer answer = queries.get(question);
        if (answer != null) {
            return value(answer, slug.attribute());
        }
        if (!pendingQueries.containsKey(question)) {
            if (queries.size() + pendingQueries.size() >= MAXIMUM_QUERIES) {
                return new SlugText.NoValue("at most " + MAXIMUM_QUERIES + " queries are run for one request");
            }
            pendingQueries.put(question, new RecordQuestion.FirstRow(slug.entity(), options));
        }
        return PENDING;
    }

    /**
     * Makes passes over all texts until one of them wants nothing more of records. What a record holds can be needed to ask for
     * another: each pass asks all that the one before has shown.
     *
     * @param violations what the last pass found goes there
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

    /** Asks what was wanted since the last time; false where nothing was. */
    private boolean fetch() {
        List<RecordQuestion> questions = new ArrayList<>();
        if (!pendingAttributes.isEmpty() && entityName != null && entityId != null) {
            Set<String> columns = new LinkedHashSet<>();
            for (String attribute : pendingAttributes) {
                int annotation = attribute.indexOf('@');
                columns.add(annotation < 0 ? attribute : attribute.substring(0, annotation));
            }
            questions.add(new RecordQuestion.Columns(entityName, entityId, List.copyOf(columns)));
        }
        questions.addAll(pendingQueries.values());
        if (questions.isEmpty()) {
            return false;
        }
        List<RecordAnswer> answers = source.ask(questions);
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

    private void takeRecord(RecordAnswer answer) {
        for (String name : pendingAttributes) {
            Object value = value(answer, name);
            if (!(value instanceof SlugText.NoValue)) {
                captured += ObjectReader.textOf(value).length();
                if (captured > MAXIMUM_CAPTURED) {
                    value = new SlugText.NoValue("the record's values are too long together");
                }
            } else if (!(answer instanceof RecordAnswer.Found) && former.containsKey(name)) {
                value = former.get(name);
                notRefreshed.add(name);
            }
            attributes.put(name, value);
        }
    }

    private static Object value(RecordAnswer answer, String member) {
        return switch (answer) {
            case RecordAnswer.Found found -> value(found.members().get(member));
            case RecordAnswer.Nothing nothing -> new SlugText.NoValue("there is no such record");
            case RecordAnswer.UnknownEntity unknown ->
                new SlugText.NoValue("the record source does not offer that entity");
            case RecordAnswer.NotSetUp none -> NOT_SET_UP;
            case RecordAnswer.Failed failed -> DID_NOT_ANSWER;
        };
    }

    private static Object value(@Nullable Object member) {
        if (!ObjectReader.isScalar(member) || member == null) {
            return new SlugText.NoValue(
                    member == null ? "the record holds none" : "the record holds no text, number or boolean there");
        }
        return ObjectReader.textOf(member).length() <= TabParameter.MAXIMUM_LENGTH
                ? member
                : new SlugText.NoValue("the record's is longer than " + TabParameter.MAXIMUM_LENGTH + " characters");
    }

    /** Whether a text shows an attribute as it was, because the record could not be read again. */
    boolean showsFormer() {
        for (String name : notRefreshed) {
            if (used.contains(name)) {
                return true;
            }
        }
        return false;
    }

    /** The anchor with what is currently known of it. */
    Anchor anchor() {
        Map<String, Object> all = new LinkedHashMap<>(known);
        all.putAll(former);
        Set<String> fetched = new LinkedHashSet<>(formerlyFetched);
        for (var attribute : attributes.entrySet()) {
            if (attribute.getValue() instanceof SlugText.NoValue) {
                // Read again, and no longer there.
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
