package io.switchboard.local.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * Generates values for a schema of the OpenAPI document, preferring its bounds. Not every value is valid: the caller
 * checks combinations of keywords with a validator.
 */
final class SchemaValues {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final int DEEPEST = 7;

    /** Candidate texts. Each pattern of the document matches some of them. */
    private static final List<String> TEXTS = List.of(
            "a",
            "0",
            "Contoso Ltd.",
            "contoso_one",
            "x",
            "é\uD83D\uDE00漢",
            "a b",
            "a\u00A0b",
            "a\nb",
            "a/b",
            "a'b",
            "~a",
            "%41",
            "{customer}",
            "\\{",
            "",
            " ",
            "\t",
            "\u001D",
            "\u0085",
            "\u00A0",
            "\u200B",
            "\u2003",
            "\u3000",
            "\uFEFF",
            "\u0000",
            "a\u0000",
            " a",
            "a ",
            "3f2504e0-4f89-41d3-9a0c-0305e82c3301",
            "3F2504E0-4F89-41D3-9A0C-0305E82C3301",
            "home",
            "true",
            "2026-03-04T09:15:02Z",
            "2024-02-29T23:59:59.999999999999+14:00",
            "0000-02-29T00:00:00-14:00",
            "9999-12-31T23:59:59.9+00:00",
            "2026-04-31T00:00:00Z",
            "2026-01-01T00:00:00+15:00",
            "P1D",
            "-PT0.006S",
            "P1DT2H3M4.5S",
            "PT0.0000000000001S",
            "P99999D",
            "P0D",
            "https://example.com/",
            "https://example.com/a?b={customer}",
            "https://a",
            "created",
            " updated , created",
            "communications/callRecords",
            "/communications/callRecords",
            "GET",
            "post",
            "YQ",
            "YWI=",
            "image/png",
            "msdyn_omnichannel_kbsearch",
            "startDateTime ge 2026-03-04T09:15:02Z and participants_v2/any(p:p/id eq 'it''s')",
            "participants_v2/any( p : p/id eq '\uD83D\uDE00' )",
            "startDateTime lt 2024-02-29T00:00:00.123456789012-14:00",
            "not (type eq 'groupCall' or version in (1, 2)) and endDateTime ge 2026-03-04",
            "id",
            "*",
            "id, *",
            "id,id",
            "version , type",
            "sessions",
            "segments($select=id)",
            "sessions($select=id;$expand=segments($select=media))",
            "organizer_v2, participants_v2($select=identity)",
            "fromDateTime=2026-03-04,toDateTime=2026-03-05",
            "toDateTime='2026-03-05T00:00:00.5Z',fromDateTime=2024-02-29",
            "fromDateTime='2026-03-04T09:15:02+01:00',toDateTime=2026-06-02",
            "W/\"1\"",
            "123",
            "-5",
            "1.5");

    private final JsonNode document;
    private final SplittableRandom random;
    private final Map<String, Pattern> patterns = new ConcurrentHashMap<>();

    SchemaValues(JsonNode document, SplittableRandom random) {
        this.document = document;
        this.random = random;
    }

    /** Returns a value for a schema or a reference to one. */
    JsonNode of(JsonNode schema) {
        return of(schema, 0);
    }

    private JsonNode of(JsonNode schema, int depth) {
        JsonNode whole = flat(schema);
        for (String alternatives : List.of("anyOf", "oneOf")) {
            JsonNode each = whole.path(alternatives);
            if (each.isArray() && !whole.has("properties")) {
                return of(merged(without(whole, alternatives), each.path(random.nextInt(each.size()))), depth);
            }
        }
        if (whole.has("contentSchema")) {
            return NODES.textNode(of(whole.path("contentSchema"), depth).toString());
        }
        if (whole.has("const")) {
            return whole.path("const");
        }
        if (whole.has("enum")) {
            return whole.path("enum").path(random.nextInt(whole.path("enum").size()));
        }
        return switch (type(whole)) {
            case "null" -> NODES.nullNode();
            case "boolean" -> NODES.booleanNode(random.nextBoolean());
            case "integer" -> integer(whole);
            case "number" -> random.nextBoolean() ? integer(whole) : NODES.numberNode(new java.math.BigDecimal("0.5"));
            case "string" -> NODES.textNode(text(whole));
            case "array" -> array(whole, depth);
            default -> object(whole, depth);
        };
    }

    private static ObjectNode without(JsonNode schema, String keyword) {
        ObjectNode rest = schema.deepCopy();
        rest.remove(keyword);
        return rest;
    }

    /** Returns the schema merged with its reference and its {@code allOf}. */
    private JsonNode flat(JsonNode schema) {
        if (!schema.isObject()) {
            return NODES.objectNode();
        }
        JsonNode flat = schema;
        while (flat.has("$ref")) {
            JsonNode referred = document.at(flat.path("$ref").asText().substring(1));
            flat = merged(without(flat, "$ref"), referred);
        }
        if (flat.has("allOf")) {
            JsonNode all = flat.path("allOf");
            ArrayNode conditions = NODES.arrayNode();
            flat = without(flat, "allOf");
            for (JsonNode each : all) {
                if (each.has("if")) {
                    conditions.add(each);
                } else {
                    flat = merged(flat, flat(each));
                }
            }
            if (!conditions.isEmpty()) {
                flat = ((ObjectNode) flat.deepCopy()).set("allOf", conditions);
            }
        }
        return flat;
    }

    /** Returns the keywords of both schemas, with the union of properties and required. */
    private static JsonNode merged(JsonNode first, JsonNode second) {
        ObjectNode merged = second.deepCopy();
        first.properties().forEach(keyword -> {
            JsonNode other = merged.path(keyword.getKey());
            if (other instanceof ObjectNode object && keyword.getValue().isObject()) {
                keyword.getValue().properties().forEach(member -> object.set(member.getKey(), member.getValue()));
            } else if (other instanceof ArrayNode array && keyword.getKey().equals("required")) {
                keyword.getValue().forEach(array::add);
            } else {
                merged.set(keyword.getKey(), keyword.getValue());
            }
        });
        return merged;
    }

    private String type(JsonNode schema) {
        JsonNode type = schema.path("type");
        if (type.isArray()) {
            return type.path(random.nextInt(type.size())).asText();
        }
        if (!type.isMissingNode()) {
            return type.asText();
        }
        if (schema.has("properties") || schema.has("required")) {
            return "object";
        }
        String[] any = {"string", "integer", "boolean", "null", "array"};
        return schema.has("pattern") ? "string" : any[random.nextInt(any.length)];
    }

    private JsonNode integer(JsonNode schema) {
        long least = schema.path("minimum").asLong(-3);
        long most = schema.path("maximum").asLong(Math.max(least, 5));
        return switch (random.nextInt(3)) {
            case 0 -> NODES.numberNode(least);
            case 1 -> NODES.numberNode(most);
            default -> NODES.numberNode(most > least ? random.nextLong(least, most) : least);
        };
    }

    private String text(JsonNode schema) {
        int least = schema.path("minLength").asInt(0);
        int most = schema.path("maxLength").asInt(2_000);
        List<String> candidates = new ArrayList<>();
        String pattern = schema.path("pattern").asText();
        for (String text : TEXTS) {
            add(candidates, text, least, most, pattern);
        }
        // The API counts a supplementary character as two.
        for (String unit : List.of("a", "é")) {
            add(candidates, unit.repeat(most), least, most, pattern);
            add(candidates, unit.repeat(Math.max(1, least)), least, most, pattern);
        }
        add(candidates, "https://example.com/" + "a".repeat(Math.max(0, most - 20)), least, most, pattern);
        return candidates.isEmpty() ? "a" : candidates.get(random.nextInt(candidates.size()));
    }

    private void add(List<String> candidates, String text, int least, int most, String pattern) {
        int length = text.codePointCount(0, text.length());
        if (length >= least
                && length <= most
                && (pattern.isEmpty()
                        || patterns.computeIfAbsent(pattern, Pattern::compile)
                                .matcher(text)
                                .find())) {
            candidates.add(text);
        }
    }

    private JsonNode array(JsonNode schema, int depth) {
        ArrayNode array = NODES.arrayNode();
        int least = schema.path("minItems").asInt(0);
        int most = Math.max(least, Math.min(schema.path("maxItems").asInt(3), 3));
        int size = depth > DEEPEST ? least : random.nextInt(least, most + 1);
        for (int i = 0; i < size; i++) {
            JsonNode prefix = schema.path("prefixItems").path(i);
            array.add(of(prefix.isMissingNode() ? schema.path("items") : prefix, depth + 1));
        }
        return array;
    }

    private JsonNode object(JsonNode schema, int depth) {
        ObjectNode object = NODES.objectNode();
        Map<String, JsonNode> properties = new TreeMap<>();
        schema.path("properties").properties().forEach(member -> properties.put(member.getKey(), member.getValue()));
        List<String> required = new ArrayList<>();
        schema.path("required").forEach(name -> required.add(name.asText()));
        JsonNode alternatives = schema.path("anyOf");
        if (alternatives.isArray() && !alternatives.isEmpty()) {
            JsonNode chosen = flat(alternatives.path(random.nextInt(alternatives.size())));
            chosen.path("required").forEach(name -> required.add(name.asText()));
            chosen.path("properties")
                    .properties()
                    .forEach(member -> properties.merge(
                            member.getKey(), member.getValue(), (ours, theirs) -> merged(flat(theirs), flat(ours))));
        }
        JsonNode conditions = schema.path("allOf");
        if (!conditions.isEmpty()) {
            JsonNode chosen = conditions.path(random.nextInt(conditions.size()));
            for (JsonNode part : List.of(chosen.path("if"), chosen.path("then"))) {
                part.path("required").forEach(name -> required.add(name.asText()));
                part.path("properties")
                        .properties()
                        .forEach(member -> properties.put(member.getKey(), member.getValue()));
            }
        }
        int often = random.nextInt(1, 6);
        properties.forEach((name, value) -> {
            if (required.contains(name) || (depth <= DEEPEST && random.nextInt(often) == 0)) {
                object.set(name, of(value, depth + 1));
            }
        });
        JsonNode others = schema.path("additionalProperties");
        if (others.isObject() && depth <= DEEPEST) {
            for (int i = random.nextInt(3); i > 0; i--) {
                object.set(text(schema.path("propertyNames")), of(others, depth + 1));
            }
        }
        return object;
    }
}
