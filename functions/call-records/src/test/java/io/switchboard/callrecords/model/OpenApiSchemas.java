package io.switchboard.callrecords.model;

import io.switchboard.callrecords.store.CallRecordKey;
import io.switchboard.json.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The types of the description as schemas of the OpenAPI document: as answers show them under Graph's own names, as requests may have them with
 * {@code Input} behind, and what a patch may have of an entity with {@code Patch}.
 */
final class OpenApiSchemas {
    private static final String REFERENCE = "#/components/schemas/";
    private static final String EDM = "Edm.";
    /** A character that Java does not count as white space or control. */
    private static final String VISIBLE =
            "[^\\u0000-\\u0020\\u1680\\u2000-\\u2006\\u2008-\\u200a\\u2028\\u2029\\u205f\\u3000]";

    /** Of the Gregorian calendar: 29 February in leap years only. */
    private static final String DAY =
            "(?:[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
                    + "|02-(?:0[1-9]|1[0-9]|2[0-8]))"
                    + "|(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)-02-29)";

    private static final String TIME = "T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:[.][0-9]{1,12})?";
    private static final String OFFSET = "(?:Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)";

    private static final String INPUT = "Input";
    /** Of a call record; the API counts from 0. */
    private static final String VERSION = "version";

    private static final String PATCH = "Patch";
    /** Collections that come in pages where they are expanded. */
    private static final List<String> PAGED = List.of("participants_v2", "sessions");

    private static final Pattern GENERATED = Pattern.compile("(?m)^   \"(Edm|microsoft\\.graph)\\.");
    private static final int WIDTH = 150;

    private final Map<String, Object> schemas = new LinkedHashMap<>();
    private final Set<ObjectType> derived = new HashSet<>();

    private OpenApiSchemas(List<ObjectType> types) {
        primitives();
        types.forEach(type -> derived.addAll(type.derived()));
        List<ObjectType> entities =
                types.stream().filter(OpenApiSchemas::isEntity).toList();
        for (ObjectType type : types) {
            if (entities.contains(type) && !type.isAbstract()) {
                schemas.put(name(type), shownEntity(type));
                schemas.put(name(type) + INPUT, sentEntity(type, true));
                schemas.put(name(type) + PATCH, sentEntity(type, false));
            } else if (!entities.contains(type)) {
                schemas.put(name(type), hierarchy(type, shown(type), false));
                schemas.put(name(type) + INPUT, hierarchy(type, sent(type), true));
            }
        }
    }

    /** The schemas by their names. */
    static Map<String, Object> of(Description description) {
        return new OpenApiSchemas(description.objectTypes()).schemas;
    }

    /** Whether a schema of this name is one of these. */
    static boolean isOne(String name) {
        return name.startsWith(EDM) || name.startsWith("microsoft.graph.");
    }

    /** The document with these schemas at the end of its others, in place of those that were there. */
    static String written(String document, Map<String, Object> schemas) {
        Matcher first = GENERATED.matcher(document);
        int end = document.lastIndexOf("\n  }\n }\n}");
        int begin = first.find() ? first.start() : end + 1;
        String before = document.substring(0, begin).stripTrailing();
        StringBuilder text = new StringBuilder(before.endsWith(",") ? before : before + ",").append('\n');
        List<String> members = new ArrayList<>();
        schemas.forEach(
                (name, schema) -> members.add("   \"" + name + "\": " + text(schema, "   ", name.length() + 7)));
        return text.append(String.join(",\n", members))
                .append(document.substring(end))
                .toString();
    }

    private static String text(Object value, String indent, int column) {
        String line = Json.write(value).replace("\":", "\": ").replaceAll(",(?=[\\[{\"n])", ", ");
        if (line.length() + column <= WIDTH) {
            return line;
        }
        List<String> parts = new ArrayList<>();
        String deeper = indent + " ";
        if (value instanceof Map<?, ?> object) {
            object.forEach((name, member) -> parts.add("\"" + name + "\": "
                    + text(
                            member,
                            deeper,
                            deeper.length() + String.valueOf(name).length() + 4)));
            return "{\n" + deeper + String.join(",\n" + deeper, parts) + "\n" + indent + "}";
        }
        if (value instanceof List<?> array) {
            array.forEach(element -> parts.add(text(element, deeper, deeper.length())));
            return "[\n" + deeper + String.join(",\n" + deeper, parts) + "\n" + indent + "]";
        }
        return line;
    }

    private void primitives() {
        schemas.put(
                EDM + "Int32", object("type", "integer", "minimum", Integer.MIN_VALUE, "maximum", Integer.MAX_VALUE));
        schemas.put(EDM + "Int64", object("type", "integer", "minimum", Long.MIN_VALUE, "maximum", Long.MAX_VALUE));
        schemas.put(
                EDM + "Single",
                object("anyOf", List.of(object("type", "number"), object("enum", List.of("NaN", "INF", "-INF")))));
        schemas.put(
                EDM + "DateTimeOffset",
                object(
                        "type",
                        "string",
                        "pattern",
                        '^' + DAY + TIME + OFFSET + '$',
                        "description",
                        "a day of the calendar, with seconds, an offset of at most 14 hours, and at most 12 digits of a second; "
                                + "shown as it was sent, compared as an instant"));
        schemas.put(
                EDM + "Duration",
                object(
                        "type",
                        "string",
                        "pattern",
                        "^-?P(?!$)([0-9]+D)?(T(?=[0-9])([0-9]+H)?([0-9]+M)?([0-9]+([.][0-9]+)?S)?)?$"));
    }

    /** An object of the type itself, or of one that derives from it. */
    private static Object hierarchy(ObjectType type, Map<String, Object> own, boolean isInput) {
        if (type.derived().isEmpty()) {
            return own;
        }
        List<Object> anyOf = new ArrayList<>();
        if (!type.isAbstract()) {
            anyOf.add(own);
        } else if (isInput) {
            anyOf.add(object("type", "object", "maxProperties", 0, "description", "counts as absent"));
        }
        for (ObjectType each : type.derived()) {
            Map<String, Object> reference = reference(name(each) + (isInput ? INPUT : ""));
            if (!isInput) {
                reference.put("required", List.of(ObjectType.ANNOTATION));
            }
            anyOf.add(reference);
        }
        Map<String, Object> schema = object("anyOf", anyOf);
        if (isInput) {
            schema.put("description", "without @odata.type it is of the one type that its members fit");
        }
        return schema;
    }

    private Map<String, Object> shown(ObjectType type) {
        Map<String, Object> properties = new LinkedHashMap<>();
        Map<String, Object> schema = object("type", "object", "properties", properties);
        boolean isFree = type.isOpen() && !type.derived().isEmpty();
        if (isFree) {
            properties.put(ObjectType.ANNOTATION, false);
        } else if (derived.contains(type) || !type.derived().isEmpty()) {
            properties.put(ObjectType.ANNOTATION, object("const", type.annotation()));
        }
        if (!type.derived().isEmpty() && !isFree) {
            schema.put("required", List.of(ObjectType.ANNOTATION));
        }
        for (Property property : type.properties()) {
            properties.put(property.name(), shown(property, false));
        }
        schema.put("additionalProperties", type.isOpen());
        return schema;
    }

    private static Map<String, Object> shownEntity(ObjectType type) {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("@odata.context", object("type", "string", "format", "uri"));
        for (Property property : type.properties()) {
            properties.put(property.name(), shown(property, true));
            if (PAGED.contains(property.name())) {
                properties.put(property.name() + "@odata.context", object("type", "string", "format", "uri"));
                properties.put(property.name() + "@odata.nextLink", object("type", "string", "format", "uri"));
            }
        }
        return object(
                "type",
                "object",
                "properties",
                properties,
                "additionalProperties",
                false,
                "description",
                "$select and omit-values=nulls leave members out; what is a resource of its own is there where it was expanded");
    }

    /** @param isTop whether what has no value is shown as null */
    private static Object shown(Property property, boolean isTop) {
        Object value =
                switch (property.type()) {
                    case PrimitiveType primitive -> primitive(property, primitive);
                    case EnumType members -> object("type", "string", "enum", members.members());
                    case ObjectType type -> reference(name(type));
                };
        Object all = property.isCollection() ? object("type", "array", "items", value) : value;
        boolean isExpandedCollection = property.isNavigation() && property.isCollection();
        return isTop && property.isNullable() && !isExpandedCollection ? nullable(all) : all;
    }

    private static Map<String, Object> sent(ObjectType type) {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put(
                ObjectType.ANNOTATION,
                object("enum", List.of(type.annotation(), type.annotation().substring(1))));
        for (Property property : type.properties()) {
            properties.put(property.name(), sent(property));
        }
        return input(properties, type.isOpen());
    }

    private static Map<String, Object> input(Map<String, Object> properties, boolean isOpen) {
        Map<String, Object> schema = object("type", "object", "properties", properties);
        if (!isOpen) {
            schema.put("patternProperties", object("@", true));
        }
        schema.put("additionalProperties", isOpen);
        return schema;
    }

    /** @param isNew whether it is to be created, else to be changed */
    private static Map<String, Object> sentEntity(ObjectType type, boolean isNew) {
        Map<String, Object> properties = new LinkedHashMap<>();
        List<String> required = new ArrayList<>();
        properties.put(
                ObjectType.ANNOTATION,
                object("enum", List.of(type.annotation(), type.annotation().substring(1))));
        for (Property property : type.properties()) {
            if (isNew || !property.isNavigation()) {
                properties.put(property.name(), sent(property));
            }
            if (property.isRequired()) {
                required.add(property.name());
            }
        }
        Map<String, Object> schema = input(properties, false);
        if (isNew && !required.isEmpty()) {
            schema.put("required", required);
        }
        schema.put("description", "annotations, such as @odata.context, are ignored");
        return schema;
    }

    private static Object sent(Property property) {
        Object value =
                switch (property.type()) {
                    case PrimitiveType primitive -> primitive(property, primitive);
                    case EnumType members -> object("type", "string", "enum", members.sendable());
                    case ObjectType type -> reference(name(type) + INPUT);
                };
        Object all = value;
        if (property.isCollection()) {
            all = property.isRequired()
                    ? object("type", "array", "minItems", 1, "items", value)
                    : object("type", "array", "items", value);
        } else if (property.role() == Property.Role.KEY) {
            all = object("type", "string", "pattern", VISIBLE, "maxLength", CallRecordKey.LONGEST_ID);
        }
        return property.isNullable() ? nullable(all) : all;
    }

    private static Object primitive(Property property, PrimitiveType type) {
        if (property.name().equals(VERSION)) {
            return object("$ref", REFERENCE + EDM + type.edmName(), "minimum", 0);
        }
        return switch (type) {
            case STRING -> object("type", "string");
            case BOOLEAN -> object("type", "boolean");
            case INT32, INT64, SINGLE, DATE_TIME_OFFSET, DURATION -> reference(EDM + type.edmName());
        };
    }

    private static Object nullable(Object schema) {
        if (schema instanceof Map<?, ?> object && object.get("type") instanceof String type) {
            Map<String, Object> nullable = new LinkedHashMap<>();
            object.forEach((name, value) -> nullable.put(String.valueOf(name), value));
            nullable.put("type", List.of(type, "null"));
            if (object.get("enum") instanceof List<?> members) {
                List<@Nullable Object> more = new ArrayList<>(members);
                more.add(null);
                nullable.put("enum", more);
            }
            return nullable;
        }
        return object("anyOf", List.of(schema, object("type", "null")));
    }

    private static Map<String, Object> reference(String name) {
        return object("$ref", REFERENCE + name);
    }

    private static String name(ObjectType type) {
        return type.annotation().substring(1);
    }

    private static boolean isEntity(ObjectType type) {
        return type.properties().stream().anyMatch(property -> property.role() == Property.Role.KEY);
    }

    private static Map<String, Object> object(Object... namesAndValues) {
        Map<String, Object> object = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            object.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return object;
    }
}
