package io.switchboard.local.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Mutations of the event itself. A client cannot cause most of them, but no function may crash on them. */
@SuppressWarnings("ImmutableEnumChecker") // the changes have no state
enum EventMutation implements Mutation {
    /** The same event with different JSON formatting, which every JSON parser must accept. */
    ESCAPES_EVERY_CHARACTER(
            false,
            (request, random) -> request.withBytes(escaped(request.event().toString()))),
    ADDS_A_HEADER_WITH_AN_ESCAPED_PAIR_IN_ITS_NAME(false, (request, random) -> {
        var event = request.event();
        event.withObject("/headers").put("x-~pair~", "1");
        return request.withBytes(
                event.toString().replace("~pair~", "\\ud83d\\ude00").getBytes(StandardCharsets.UTF_8));
    }),
    ADDS_A_QUERY_OPTION_WITH_AN_ESCAPED_PAIR_IN_ITS_NAME(
            false,
            (request, random) -> request.withBytes(request.withQuery("~pair~", "1")
                    .event()
                    .toString()
                    .replace("~pair~", "\\ud83d\\ude00")
                    .getBytes(StandardCharsets.UTF_8))),
    ADDS_WHITE_SPACE(
            false,
            (request, random) -> request.withBytes(
                    ("\n " + request.event().toPrettyString() + "\r\n\t").getBytes(StandardCharsets.UTF_8))),
    IS_BASE64_BUT_SAYS_NOT(false, (request, random) -> {
        var event = request.withBase64(request.bodyBytes()).event();
        return request.withEvent(event.put("isBase64Encoded", false));
    }),
    SAYS_BASE64_BUT_IS_NOT(
            true, (request, random) -> request.withEvent(request.event().put("isBase64Encoded", true))),
    REMOVES_A_MEMBER(true, (request, random) -> {
        var event = request.event();
        ObjectNode object = object(event, random);
        object.remove(name(object, random));
        return request.withEvent(event);
    }),
    NULLS_A_MEMBER(true, (request, random) -> {
        var event = request.event();
        ObjectNode object = object(event, random);
        object.putNull(name(object, random));
        return request.withEvent(event);
    }),
    SWAPS_THE_TYPE_OF_A_MEMBER(true, (request, random) -> {
        var event = request.event();
        ObjectNode object = object(event, random);
        String name = name(object, random);
        switch (random.nextInt(4)) {
            case 0 -> object.put(name, 1);
            case 1 -> object.put(name, true);
            case 2 -> object.putArray(name).add("a");
            default -> object.putObject(name).put("a", "b");
        }
        return request.withEvent(event);
    }),
    NESTS_A_MEMBER(
            true,
            (request, random) ->
                    request.withBytes(Splice.value(request.event().toString(), EdgeCases.nested(random), random)
                            .getBytes(StandardCharsets.UTF_8))),
    WRITES_AN_ODD_NUMBER(
            true,
            (request, random) ->
                    request.withBytes(Splice.value(request.event().toString(), EdgeCases.placedNumber(random), random)
                            .getBytes(StandardCharsets.UTF_8))),
    ESCAPES_A_TEXT(
            true,
            (request, random) -> request.withBytes(
                    Splice.value(request.event().toString(), '"' + EdgeCases.escape(random) + '"', random)
                            .getBytes(StandardCharsets.UTF_8))),
    IS_ANOTHER_VALUE(
            true,
            (request, random) -> request.withBytes(EdgeCases.literal(random).getBytes(StandardCharsets.UTF_8))),
    IS_CUT(true, (request, random) -> {
        byte[] bytes = request.bytes();
        return request.withBytes(java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length)));
    }),
    IS_GARBAGE(true, (request, random) -> {
        byte[] bytes = new byte[random.nextInt(300)];
        random.nextBytes(bytes);
        return request.withBytes(bytes);
    });

    private interface Change {
        FuzzRequest of(FuzzRequest request, SplittableRandom random);
    }

    private final boolean neverSent;
    private final Change change;

    EventMutation(boolean neverSent, Change change) {
        this.neverSent = neverSent;
        this.change = change;
    }

    @Override
    public boolean isNeverSent() {
        return neverSent;
    }

    @Override
    public FuzzRequest change(FuzzRequest request, SplittableRandom random) {
        return change.of(request, random);
    }

    /** Escapes every character of every text, including names and each half of a surrogate pair. */
    private static byte[] escaped(String json) {
        StringBuilder escaped = new StringBuilder();
        boolean inText = false;
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            if (c == '\\') {
                escaped.append(c).append(json.charAt(++i));
            } else if (c == '"') {
                inText = !inText;
                escaped.append(c);
            } else if (inText && !isHexOfEscape(json, i)) {
                escaped.append(String.format("\\u%04x", (int) c));
            } else {
                escaped.append(c);
            }
        }
        return escaped.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static boolean isHexOfEscape(String json, int at) {
        for (int back = 1; back <= 4; back++) {
            if (at - back > 0 && json.charAt(at - back) == 'u' && json.charAt(at - back - 1) == '\\') {
                return true;
            }
        }
        return false;
    }

    private static ObjectNode object(ObjectNode event, SplittableRandom random) {
        List<ObjectNode> objects = new ArrayList<>();
        collect(event, objects);
        objects.removeIf(ObjectNode::isEmpty);
        return EdgeCases.of(objects, random);
    }

    private static void collect(JsonNode node, List<ObjectNode> objects) {
        if (node instanceof ObjectNode object) {
            objects.add(object);
            object.forEach(child -> collect(child, objects));
        }
    }

    private static String name(ObjectNode object, SplittableRandom random) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return EdgeCases.of(names, random);
    }
}
