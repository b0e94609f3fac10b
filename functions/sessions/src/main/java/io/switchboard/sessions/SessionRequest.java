package io.switchboard.sessions;

import io.switchboard.http.CorrelationId;
import io.switchboard.http.Refusal;
import io.switchboard.http.Request;
import io.switchboard.json.Json;
import io.switchboard.json.ObjectReader;
import io.switchboard.json.Violations;
import io.switchboard.runtime.RequestLog;
import io.switchboard.session.resolve.SessionInput;
import io.switchboard.slug.Warning;
import io.switchboard.template.UniqueName;
import io.switchboard.text.InputLimits;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A request to create a session, in CIF's form or in APM's. A null is an absent member everywhere, except inside a value that the context
 * keeps as it was sent.
 *
 * @param templateName null if the app profile decides: for the channel, otherwise for the record
 * @param channel the source of the conversation, in a request without a template's name; null for none
 * @param templateTag the tag that the template must have; null for none
 * @param isFocused whether the desk turns to the session
 * @param correlationId the caller's own id; null for none
 * @param warnings what was sent and is not known, or was ignored
 */
record SessionRequest(
        @Nullable String templateName,
        @Nullable String channel,
        @Nullable String templateTag,
        SessionInput input,
        boolean isFocused,
        @Nullable String correlationId,
        List<Warning> warnings) {
    static final int LONGEST_TAG = 100;
    private static final int LONGEST_CHANNEL = 100;
    private static final String TEMPLATE_NAME = "templateName";
    private static final String CHANNEL = "channel";
    private static final String ENTITY_NAME = "entityName";
    private static final String PARAMETERS_STRING = "parametersStr";
    private static final String CORRELATION_ID = "correlationId";
    private static final String CONTEXT = "context";
    /** The number of unknown members that are named, so that no request makes an answer many times as long as it is itself. */
    private static final int MOST_UNKNOWN = 20;

    /**
     * Reads the body.
     *
     * @throws Refusal 400 naming every violation
     */
    static SessionRequest parse(Request request) {
        Violations violations = new Violations();
        SessionRequest parsed = read(new ObjectReader(request.bodyObject(true), "", violations), violations, request);
        Refusal.ifAny(violations);
        return parsed;
    }

    /** The logical name of the record's entity; empty for none. */
    String entityName() {
        return input.anchorPairs().get(ENTITY_NAME) instanceof String text ? text : "";
    }

    private static SessionRequest read(ObjectReader body, Violations violations, Request request) {
        boolean isNamed = body.any(TEMPLATE_NAME) != null;
        @Nullable String templateName = isNamed ? body.requiredText(TEMPLATE_NAME, UniqueName.MAXIMUM_LENGTH) : null;
        // Next to a template's name, channel is one of the members that samples send.
        @Nullable
        String channel = isNamed || body.any(CHANNEL) == null ? null : body.requiredText(CHANNEL, LONGEST_CHANNEL);
        @Nullable String templateTag = body.optionalText("templateTag", LONGEST_TAG);
        boolean isFocused = body.bool("isFocused", true);
        List<Warning> warnings = new ArrayList<>();
        @Nullable String correlationId = correlationId(body, request, warnings);
        Map<String, Object> context = new LinkedHashMap<>();
        Map<String, Object> pairs = new LinkedHashMap<>();
        readTemplateParameters(body, context);
        readSessionContext(body, violations, context, pairs);
        if (!isNamed && body.any(CHANNEL) == null && !(pairs.get(ENTITY_NAME) instanceof String)) {
            body.violation(
                    "required",
                    TEMPLATE_NAME,
                    "templateName is required: name a session template, or send the channel or the record"
                            + " (sessionContext.parametersStr with entityName) that your app profile has one for.");
        }
        SessionInput.Form form = form(body);
        Set<String> literals = readUnknown(body, context, warnings);
        return new SessionRequest(
                templateName,
                channel,
                templateTag,
                new SessionInput(form, context, literals, pairs),
                isFocused,
                correlationId,
                warnings);
    }

    /**
     * The correlation id: the body's, otherwise the header's. One that cannot be used is a warning, never a violation.
     *
     * @return null for none
     */
    static @Nullable String correlationId(ObjectReader body, Request request, List<Warning> warnings) {
        @Nullable String header = request.header(CorrelationId.HEADER).orElse(null);
        @Nullable String usable = usable(header, CorrelationId.HEADER, warnings);
        @Nullable Object sent = body.any(CORRELATION_ID);
        @Nullable
        Object inBody = sent instanceof String text && text.isBlank() ? null : usable(sent, CORRELATION_ID, warnings);
        if (inBody instanceof String text) {
            RequestLog.current().correlated(text);
            return text;
        }
        return usable;
    }

    private static @Nullable String usable(@Nullable Object sent, String target, List<Warning> warnings) {
        if (sent == null) {
            return null;
        }
        @Nullable String problem = CorrelationId.problem(sent);
        if (problem == null && sent instanceof String text) {
            return text;
        }
        warnings.add(new Warning(
                Warning.CORRELATION_ID_IGNORED,
                target + " was ignored because " + problem + ". Send a text of 1 to " + CorrelationId.LONGEST
                        + " printable characters.",
                target));
        return null;
    }

    private static SessionInput.Form form(ObjectReader body) {
        boolean cif = body.any("templateParameters") != null || body.any("templateTag") != null;
        boolean apm = body.any("sessionContext") != null;
        if (cif && apm) {
            body.violation(
                    "bothForms",
                    "sessionContext",
                    "templateTag and templateParameters are CIF's form, sessionContext is APM's: send one of them.");
        }
        return cif ? SessionInput.Form.CIF : apm ? SessionInput.Form.APM : SessionInput.Form.PLAIN;
    }

    /** Objects and arrays too: the template decides which of them are for its tabs. */
    private static void readTemplateParameters(ObjectReader body, Map<String, Object> context) {
        @Nullable ObjectReader parameters = body.object("templateParameters");
        if (parameters != null) {
            readValues(parameters, "templateParameters", context);
        }
    }

    /** Reads members of any type but null, in their order. */
    private static void readValues(ObjectReader reader, String member, Map<String, Object> values) {
        for (String name : reader.names()) {
            @Nullable Object value = reader.any(name);
            if (value != null && requireName(reader, "", member, name)) {
                values.put(name, value);
            }
        }
    }

    /**
     * Notes a violation for a member without a name, of an object that is a member of the body or is the body.
     *
     * @return whether the member has a name
     */
    static boolean requireName(ObjectReader reader, String target, String object, String name) {
        if (name.isEmpty()) {
            reader.violation(
                    "invalidValue", target, object + " contains an empty property name. Give the property a name.");
        }
        return !name.isEmpty();
    }

    private static void readSessionContext(
            ObjectReader body, Violations violations, Map<String, Object> context, Map<String, Object> pairs) {
        @Nullable Map<String, @Nullable Object> members = members(body, "sessionContext");
        if (members == null) {
            return;
        }
        ObjectReader reader = new ObjectReader(members, "sessionContext", violations);
        readPairs(reader, reader.any(PARAMETERS_STRING), pairs);
        members.remove(PARAMETERS_STRING);
        readValues(reader, "sessionContext", context);
    }

    /**
     * The members of an object, or of an array of pairs: what {@code [...map]} gives of a JavaScript Map. Null where it is absent or
     * neither.
     */
    static @Nullable Map<String, @Nullable Object> members(ObjectReader body, String name) {
        @Nullable Object value = body.any(name);
        if (value == null) {
            return null;
        }
        if (value instanceof Map<?, ?> object) {
            return ObjectReader.members(object);
        }
        if (!(value instanceof List<?> array)) {
            body.wrongType(name, "an object or an array of [key, value] pairs", value);
            return null;
        }
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        for (int i = 0; i < array.size(); i++) {
            String element = name + "[" + i + "]";
            if (array.get(i) instanceof List<?> pair
                    && pair.size() == 2
                    && pair.get(0) instanceof String key
                    && !key.isEmpty()) {
                members.put(key, pair.get(1));
            } else {
                body.violation("wrongType", element, element + " must be a pair: [\"key\", value].");
            }
        }
        return members;
    }

    /** {@code parametersStr}: text holding a JSON array of pairs, the anchor tab's page input. */
    private static void readPairs(ObjectReader reader, @Nullable Object value, Map<String, Object> pairs) {
        if (value == null) {
            return;
        }
        if (!(value instanceof String text)) {
            invalidPairs(reader, "must be a text, not the array itself");
            return;
        }
        @Nullable Object json;
        try {
            json = Json.read(text);
        } catch (Json.MalformedJson e) {
            invalidPairs(reader, "is not valid JSON: " + e.getMessage());
            return;
        }
        if (!(json instanceof List<?> array)) {
            invalidPairs(reader, "is not a JSON array");
            return;
        }
        for (int i = 0; i < array.size(); i++) {
            readPair(reader, array.get(i), i, pairs);
        }
    }

    private static void readPair(ObjectReader reader, @Nullable Object element, int i, Map<String, Object> pairs) {
        if (!(element instanceof List<?> pair) || pair.size() != 2) {
            invalidPairs(reader, "has an element [" + i + "] that is not a pair of a key and a value");
        } else if (!(pair.get(0) instanceof String name) || name.isEmpty()) {
            invalidPairs(reader, "has a key at [" + i + "] that is not a text");
        } else if (ObjectReader.isScalar(pair.get(1))) {
            pairs.put(name, pair.get(1));
        } else if (name.equals("data") && pair.get(1) instanceof Map<?, ?> data) {
            pairs.put(name, Json.write(data));
        } else if (pair.get(1) != null) {
            invalidPairs(
                    reader,
                    "has a value at [" + i + "] that is not a text, number or boolean; only data can be an object");
        }
    }

    private static void invalidPairs(ObjectReader reader, String problem) {
        reader.violation(
                "invalidParametersStr",
                PARAMETERS_STRING,
                reader.target(PARAMETERS_STRING) + " " + problem
                        + ". It is a text holding pairs: [[\"entityName\", \"incident\"], [\"entityId\", \"…\"]].");
    }

    /** Samples send more members, and an object named context: they join the context as they are, with a warning. */
    private static Set<String> readUnknown(ObjectReader body, Map<String, Object> context, List<Warning> warnings) {
        Set<String> literals = new HashSet<>();
        int unknown = 0;
        for (String name : body.names()) {
            @Nullable Object value = body.peek(name);
            if (value == null || body.isKnown(name)) {
                continue;
            }
            @Nullable String meant = body.knownIgnoringCase(name);
            if (meant != null) {
                body.violation(
                        "unknownProperty",
                        name,
                        InputLimits.excerpt(name) + " is not known: names are case-sensitive, write " + meant + ".");
            } else if (requireName(body, "", "The body", name)) {
                boolean isAdded = addUnknown(body, name, value, context, literals);
                unknown++;
                if (unknown <= MOST_UNKNOWN) {
                    warnings.add(unknown(InputLimits.excerpt(name), isAdded));
                }
            }
        }
        if (unknown > MOST_UNKNOWN) {
            warnings.add(new Warning(
                    "unknownProperty",
                    (unknown - MOST_UNKNOWN)
                            + " more members are not part of the request. They were added to the context.",
                    ""));
        }
        return literals;
    }

    /** Whether all of it is in the context. */
    private static boolean addUnknown(
            ObjectReader body, String name, Object value, Map<String, Object> context, Set<String> literals) {
        @Nullable Map<String, @Nullable Object> members = name.equals(CONTEXT) ? entries(value) : null;
        if (members == null) {
            return addLiteral(context, literals, name, value);
        }
        boolean isAdded = true;
        for (var member : members.entrySet()) {
            @Nullable Object inner = member.getValue();
            if (inner != null && requireName(body, CONTEXT, CONTEXT, member.getKey())) {
                isAdded &= addLiteral(context, literals, member.getKey(), inner);
            }
        }
        return isAdded;
    }

    /** The members of an object or of an array of pairs; null for anything else. */
    static @Nullable Map<String, @Nullable Object> entries(Object value) {
        return value instanceof Map<?, ?> object
                ? ObjectReader.members(object)
                : value instanceof List<?> array ? ObjectReader.pairs(array) : null;
    }

    private static Warning unknown(String name, boolean isAdded) {
        String advice = " Send it in templateParameters or sessionContext.";
        return new Warning(
                "unknownProperty",
                name + " is not part of the request; "
                        + (isAdded
                                ? "it was added to the context." + advice
                                : "it was not added to the context where the context has another value of the same name already."
                                        + advice),
                name);
    }

    /** Whether the context has this value now; one of the same name that it had before stays. */
    private static boolean addLiteral(Map<String, Object> context, Set<String> literals, String name, Object value) {
        @Nullable Object before = context.putIfAbsent(name, value);
        if (before == null) {
            literals.add(name);
        }
        return before == null || before.equals(value);
    }
}
