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
 * A request to create a session, in the CIF or the APM form. A null member counts as absent, except inside a context
 * value, which is stored as it was sent.
 *
 * @param templateName null if the app profile selects the template by channel or record
 * @param channel the source of the conversation, in a request without a template name; null if absent
 * @param templateTag the tag that the template must have; null if absent
 * @param isFocused whether the session receives the focus
 * @param nameTarget the path of templateName in the body, for errors
 * @param correlationId the caller's own id; null if absent
 * @param warnings the unknown and the ignored properties
 */
record SessionRequest(
        @Nullable String templateName,
        String nameTarget,
        @Nullable String channel,
        @Nullable String templateTag,
        SessionInput input,
        boolean isFocused,
        @Nullable String correlationId,
        List<Warning> warnings) {
    static final int LONGEST_TAG = 100;
    /** The message for a request that selects no template. */
    static final String NAME_REQUIRED =
            "templateName is required. Send the name of a session template, or send a channel or a record"
                    + " (sessionContext.parametersStr with entityName) that your app profile has a template for.";

    private static final int LONGEST_CHANNEL = 100;
    private static final String TEMPLATE_NAME = "templateName";
    private static final String CHANNEL = "channel";
    private static final String ENTITY_NAME = "entityName";
    private static final String PARAMETERS_STRING = "parametersStr";
    private static final String CORRELATION_ID = "correlationId";
    private static final String CONTEXT = "context";
    /**
     * The maximum number of unknown members in the warnings. It keeps a response from growing many times larger than
     * its request.
     */
    private static final int MAXIMUM_UNKNOWN = 20;

    /**
     * Parses the body.
     *
     * @throws Refusal 400 with every violation
     */
    static SessionRequest parse(Request request) {
        Violations violations = new Violations();
        SessionRequest parsed = read(new ObjectReader(request.bodyObject(true), "", violations), violations, request);
        Refusal.ifAny(violations);
        return parsed;
    }

    /**
     * Returns the session of an offer.
     *
     * @param body a body that {@link #read} accepted when the offer was created
     * @param correlationId the correlation id of the offer, unless the body has its own; null if absent
     */
    static SessionRequest ofOffer(Map<String, Object> body, @Nullable String correlationId) {
        Violations violations = new Violations();
        SessionRequest parsed =
                read(new ObjectReader(ObjectReader.members(body), "session", violations), violations, correlationId);
        Refusal.ifAny(violations);
        return parsed;
    }

    /** Returns false if only a rule of the app profile can select a template. */
    boolean selects() {
        return templateName != null || channel != null || !entityName().isEmpty();
    }

    /** Returns the logical name of the record's entity, or an empty string. */
    String entityName() {
        return input.anchorPairs().get(ENTITY_NAME) instanceof String text ? text : "";
    }

    private static SessionRequest read(ObjectReader body, Violations violations, Request request) {
        return read(body, violations, request.header(CorrelationId.HEADER).orElse(null));
    }

    /** Reads a request from an object. */
    static SessionRequest read(ObjectReader body, Violations violations, @Nullable String correlationHeader) {
        boolean isNamed = body.any(TEMPLATE_NAME) != null;
        @Nullable String templateName = isNamed ? body.requiredText(TEMPLATE_NAME, UniqueName.MAXIMUM_LENGTH) : null;
        // With a template name, channel is an unknown member that Microsoft's samples send.
        @Nullable
        String channel = isNamed || body.any(CHANNEL) == null ? null : body.requiredText(CHANNEL, LONGEST_CHANNEL);
        @Nullable String templateTag = body.optionalText("templateTag", LONGEST_TAG);
        boolean isFocused = body.bool("isFocused", true);
        List<Warning> warnings = new ArrayList<>();
        @Nullable String correlationId = correlationId(body, correlationHeader, warnings);
        Map<String, Object> context = new LinkedHashMap<>();
        Map<String, Object> pairs = new LinkedHashMap<>();
        readTemplateParameters(body, context);
        readSessionContext(body, violations, context, pairs);
        SessionInput.Form form = form(body);
        Set<String> literals = readUnknown(body, context, warnings);
        boolean isSelected = isNamed || body.any(CHANNEL) != null || pairs.get(ENTITY_NAME) instanceof String;
        if (!isSelected && !violations.isEmpty()) {
            // A valid request is rejected later, if no rule of its app profile matches.
            body.violation("required", TEMPLATE_NAME, NAME_REQUIRED);
        }
        return new SessionRequest(
                templateName,
                body.target(TEMPLATE_NAME),
                channel,
                templateTag,
                new SessionInput(form, context, literals, pairs),
                isFocused,
                correlationId,
                warnings);
    }

    /**
     * Returns the correlation id of the body, otherwise the one of the header. An invalid id is a warning, never a
     * violation.
     *
     * @return null without a valid id
     */
    static @Nullable String correlationId(ObjectReader body, Request request, List<Warning> warnings) {
        return correlationId(body, request.header(CorrelationId.HEADER).orElse(null), warnings);
    }

    private static @Nullable String correlationId(ObjectReader body, @Nullable String header, List<Warning> warnings) {
        @Nullable String usable = usable(header, CorrelationId.HEADER, warnings);
        @Nullable Object sent = body.any(CORRELATION_ID);
        @Nullable
        Object inBody = sent instanceof String text && text.isBlank() ? null : usable(sent, CORRELATION_ID, warnings);
        if (inBody instanceof String text) {
            RequestLog.current().setCorrelationId(text);
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
                target + " was ignored because " + problem + ". Send a string of 1 to " + CorrelationId.LONGEST
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
                    "templateTag and templateParameters belong to the CIF form, sessionContext to the APM form."
                            + " Send only one of the two forms.");
        }
        return cif ? SessionInput.Form.CIF : apm ? SessionInput.Form.APM : SessionInput.Form.PLAIN;
    }

    /** Accepts objects and arrays too, because the template decides which of them belong to its tabs. */
    private static void readTemplateParameters(ObjectReader body, Map<String, Object> context) {
        @Nullable ObjectReader parameters = body.object("templateParameters");
        if (parameters != null) {
            readValues(parameters, "templateParameters", context);
        }
    }

    /** Reads the members that are not null, in their order. */
    private static void readValues(ObjectReader reader, String member, Map<String, Object> values) {
        for (String name : reader.names()) {
            @Nullable Object value = reader.any(name);
            if (value != null && requireName(reader, "", member, name)) {
                values.put(name, value);
            }
        }
    }

    /**
     * Adds a violation for a member with an empty name.
     *
     * @param object the member of the body that contains it, or the body
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
     * Returns the members of an object or of an array of pairs, which is the result of {@code [...map]} for a
     * JavaScript Map. Returns null if the value is absent or of another type.
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

    /** Parses {@code parametersStr}, a string with a JSON array of pairs: the page input of the anchor tab. */
    private static void readPairs(ObjectReader reader, @Nullable Object value, Map<String, Object> pairs) {
        if (value == null) {
            return;
        }
        if (!(value instanceof String text)) {
            invalidPairs(reader, "must be a string, not an array or object");
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
            invalidPairs(reader, "has an element at [" + i + "] that is not a [key, value] pair");
        } else if (!(pair.get(0) instanceof String name) || name.isEmpty()) {
            invalidPairs(reader, "has a key at [" + i + "] that is not a string");
        } else if (ObjectReader.isScalar(pair.get(1))) {
            pairs.put(name, pair.get(1));
        } else if (name.equals("data") && pair.get(1) instanceof Map<?, ?> data) {
            pairs.put(name, Json.write(data));
        } else if (pair.get(1) != null) {
            invalidPairs(
                    reader,
                    "has a value at [" + i + "] that is not a string, number or boolean (only data may be an object)");
        }
    }

    private static void invalidPairs(ObjectReader reader, String problem) {
        reader.violation(
                "invalidParametersStr",
                PARAMETERS_STRING,
                reader.target(PARAMETERS_STRING) + " " + problem
                        + ". Send a string with pairs: [[\"entityName\", \"incident\"], [\"entityId\", \"…\"]].");
    }

    /**
     * Adds unknown members to the context unchanged, with a warning, because Microsoft's samples send more members and
     * an object named context.
     */
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
                        InputLimits.excerpt(name) + " is not recognised. Names are case-sensitive; use " + meant + ".");
            } else if (requireName(body, "", "The body", name)) {
                boolean isAdded = addUnknown(body, name, value, context, literals);
                unknown++;
                if (unknown <= MAXIMUM_UNKNOWN) {
                    warnings.add(unknown(InputLimits.excerpt(name), isAdded));
                }
            }
        }
        if (unknown > MAXIMUM_UNKNOWN) {
            warnings.add(new Warning(
                    "unknownProperty",
                    (unknown - MAXIMUM_UNKNOWN)
                            + " more properties are not recognised. They were added to the context.",
                    ""));
        }
        return literals;
    }

    /** Returns whether the context has every value. */
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

    /** Returns the members of an object or of an array of pairs; null for any other value. */
    static @Nullable Map<String, @Nullable Object> entries(Object value) {
        return value instanceof Map<?, ?> object
                ? ObjectReader.members(object)
                : value instanceof List<?> array ? ObjectReader.pairs(array) : null;
    }

    private static Warning unknown(String name, boolean isAdded) {
        return new Warning(
                "unknownProperty",
                name + " is not recognised. "
                        + (isAdded
                                ? "It was added to the context."
                                : "It did not replace values of the same name that the context already has.")
                        + " Send it in templateParameters or sessionContext.",
                name);
    }

    /** Adds a value unless the context has one of this name. Returns whether the context has this value. */
    private static boolean addLiteral(Map<String, Object> context, Set<String> literals, String name, Object value) {
        @Nullable Object before = context.putIfAbsent(name, value);
        if (before == null) {
            literals.add(name);
        }
        return before == null || before.equals(value);
    }
}
