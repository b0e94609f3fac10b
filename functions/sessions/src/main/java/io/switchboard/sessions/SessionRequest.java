package io.switchboard.sessions;

import io.switchboard.http.Guid;
import io.switchboard.http.Json;
import io.switchboard.http.ObjectReader;
import io.switchboard.http.Refusal;
import io.switchboard.http.Request;
import io.switchboard.http.Violations;
import io.switchboard.session.Warning;
import io.switchboard.template.SessionInput;
import io.switchboard.template.UniqueName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A request to create a session, in CIF's form ({@code cif-apm.md} §A.3) or APM's (§B.2).
 *
 * @param templateName null where the app profile says which: for the channel, else for the record
 * @param channel where the conversation comes from, in a request without a template's name; null for none
 * @param templateTag the tag the template must carry; null for none
 * @param isFocused whether the desk turns to the session
 * @param correlationId the caller's GUID; null for none
 * @param warnings what was sent and is not known
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

    /**
     * Reads the body.
     *
     * @throws Refusal 400 naming every violation
     */
    static SessionRequest parse(Request request) {
        Violations violations = new Violations();
        SessionRequest parsed = read(
                new ObjectReader(request.bodyObject(true), "", violations), violations, correlationHeader(request));
        violations.refuseAny();
        return parsed;
    }

    /** The logical name of the record's entity; empty for none. */
    String entityName() {
        return input.anchorPairs().get(ENTITY_NAME) instanceof String text ? text : "";
    }

    private static @Nullable String correlationHeader(Request request) {
        return request.header("x-correlation-id").orElse(null);
    }

    private static SessionRequest read(ObjectReader body, Violations violations, @Nullable String correlationHeader) {
        boolean isNamed = body.any(TEMPLATE_NAME) != null;
        @Nullable String templateName = isNamed ? body.requiredText(TEMPLATE_NAME, UniqueName.MAXIMUM_LENGTH) : null;
        // Beside a template's name, channel is one of the scalars that samples send.
        @Nullable
        String channel = isNamed || body.any(CHANNEL) == null ? null : body.requiredText(CHANNEL, LONGEST_CHANNEL);
        @Nullable String templateTag = body.optionalText("templateTag", LONGEST_TAG);
        boolean isFocused = body.bool("isFocused", true);
        @Nullable String correlationId = correlationId(body, correlationHeader);
        Map<String, Object> context = new LinkedHashMap<>();
        Map<String, Map<String, Object>> perTab = new LinkedHashMap<>();
        Map<String, Object> pairs = new LinkedHashMap<>();
        readTemplateParameters(body, context, perTab);
        readSessionContext(body, violations, context, pairs);
        if (!isNamed && body.any(CHANNEL) == null && !(pairs.get(ENTITY_NAME) instanceof String)) {
            body.violation(
                    "required",
                    TEMPLATE_NAME,
                    "templateName is required: name a session template, or send the channel or the record"
                            + " (sessionContext.parametersStr with entityName) that your app profile has one for.");
        }
        SessionInput.Form form = form(body);
        List<Warning> warnings = new ArrayList<>();
        Set<String> literals = readUnknown(body, context, warnings);
        return new SessionRequest(
                templateName,
                channel,
                templateTag,
                new SessionInput(form, context, literals, perTab, pairs),
                isFocused,
                correlationId,
                warnings);
    }

    static @Nullable String correlationId(ObjectReader body, @Nullable String header) {
        @Nullable String inBody = body.optionalText(CORRELATION_ID, 36);
        if (inBody == null) {
            return header;
        }
        if (!Guid.isGuid(inBody)) {
            body.violation(
                    "invalidCorrelationId",
                    CORRELATION_ID,
                    "correlationId must be a GUID, such as 3f2504e0-4f89-41d3-9a0c-0305e82c3301.");
        } else if (header != null && !header.equalsIgnoreCase(inBody)) {
            body.violation(
                    "invalidCorrelationId", CORRELATION_ID, "correlationId differs from the header x-correlation-id.");
        }
        return inBody;
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

    private static void readTemplateParameters(
            ObjectReader body, Map<String, Object> context, Map<String, Map<String, Object>> perTab) {
        @Nullable ObjectReader parameters = body.object("templateParameters");
        if (parameters == null) {
            return;
        }
        for (String name : parameters.names()) {
            @Nullable Object value = parameters.any(name);
            if (name.isEmpty()) {
                parameters.violation("invalidValue", name, "templateParameters has a value without a name: name it.");
            } else if (value instanceof Map<?, ?>) {
                Map<String, Object> own = new LinkedHashMap<>();
                @Nullable ObjectReader tab = parameters.object(name);
                if (tab != null) {
                    readScalars(tab, own);
                }
                perTab.put(name, own);
            } else {
                @Nullable Object scalar = parameters.scalar(name, value);
                if (scalar != null) {
                    context.put(name, scalar);
                }
            }
        }
    }

    static void readScalars(ObjectReader reader, Map<String, Object> scalars) {
        for (String name : reader.names()) {
            @Nullable Object scalar = reader.scalar(name, reader.any(name));
            if (scalar != null) {
                scalars.put(name, scalar);
            }
        }
    }

    private static void readSessionContext(
            ObjectReader body, Violations violations, Map<String, Object> context, Map<String, Object> pairs) {
        @Nullable Map<String, @Nullable Object> members = members(body, "sessionContext");
        if (members == null) {
            return;
        }
        ObjectReader reader = new ObjectReader(members, "sessionContext", violations);
        for (String name : members.keySet()) {
            @Nullable Object member = reader.any(name);
            if (name.equals(PARAMETERS_STRING)) {
                readPairs(reader, member, pairs);
            } else if (name.isEmpty()) {
                reader.violation("invalidValue", name, "sessionContext has a value without a name: name it.");
            } else {
                @Nullable Object scalar = reader.scalar(name, member);
                if (scalar != null) {
                    context.put(name, scalar);
                }
            }
        }
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
            invalidPairs(reader, "is no JSON array");
            return;
        }
        for (int i = 0; i < array.size(); i++) {
            readPair(reader, array.get(i), i, pairs);
        }
    }

    private static void readPair(ObjectReader reader, @Nullable Object element, int i, Map<String, Object> pairs) {
        if (!(element instanceof List<?> pair) || pair.size() != 2) {
            invalidPairs(reader, "has at [" + i + "] no pair of a key and a value");
        } else if (!(pair.get(0) instanceof String name) || name.isEmpty()) {
            invalidPairs(reader, "has at [" + i + "] a key that is no text");
        } else if (ObjectReader.isScalar(pair.get(1))) {
            pairs.put(name, pair.get(1));
        } else if (name.equals("data") && pair.get(1) instanceof Map<?, ?> data) {
            pairs.put(name, Json.write(data));
        } else {
            invalidPairs(
                    reader,
                    "has at [" + i + "] a value that is no text, number or boolean; only data may be an object");
        }
    }

    private static void invalidPairs(ObjectReader reader, String problem) {
        reader.violation(
                "invalidParametersStr",
                PARAMETERS_STRING,
                reader.target(PARAMETERS_STRING) + " " + problem
                        + ". It is a text holding pairs: [[\"entityName\", \"incident\"], [\"entityId\", \"…\"]].");
    }

    /** Samples send more scalars, and an object named context: they join the context, with a warning. */
    private static Set<String> readUnknown(ObjectReader body, Map<String, Object> context, List<Warning> warnings) {
        Set<String> literals = new HashSet<>();
        for (String name : body.names()) {
            if (body.isKnown(name)) {
                continue;
            }
            @Nullable String meant = body.knownIgnoringCase(name);
            if (meant != null) {
                body.violation(
                        "unknownProperty",
                        name,
                        name + " is not known: names are case-sensitive, write " + meant + ".");
                continue;
            }
            @Nullable Object value = body.peek(name);
            if (value == null) {
                continue;
            }
            if (name.equals("context") && value instanceof Map<?, ?>) {
                Map<String, Object> members = new LinkedHashMap<>();
                @Nullable ObjectReader object = body.object(name);
                if (object != null) {
                    readScalars(object, members);
                }
                members.forEach((key, member) -> addLiteral(context, literals, key, member));
            } else if (ObjectReader.isScalar(value) && !name.isEmpty()) {
                addLiteral(context, literals, name, value);
            } else {
                body.violation(
                        "unknownProperty",
                        name,
                        name + " is not known here, and no text, number or boolean: take it out.");
                continue;
            }
            warnings.add(new Warning(
                    "unknownProperty",
                    name
                            + " is not part of the request; it was taken into the context. Send it in templateParameters or"
                            + " sessionContext.",
                    name));
        }
        return literals;
    }

    private static void addLiteral(Map<String, Object> context, Set<String> literals, String name, Object value) {
        if (context.putIfAbsent(name, value) == null) {
            literals.add(name);
        }
    }
}
