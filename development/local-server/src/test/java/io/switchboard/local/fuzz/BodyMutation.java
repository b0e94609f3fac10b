package io.switchboard.local.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/** Mutations of a body. */
@SuppressWarnings("ImmutableEnumChecker") // the changes have no state
enum BodyMutation implements Mutation {
    SWAPS_A_TYPE((body, random) -> utf8(Splice.value(body, EdgeCases.literal(random), random))),
    REMOVES_OR_NULLS_A_VALUE((body, random) -> utf8(Splice.value(body, "null", random))),
    PUTS_A_TEXT_INTO_A_VALUE((body, random) -> utf8(Splice.value(body, Splice.quoted(EdgeCases.text(random)), random))),
    PUTS_AN_ARRAY_AROUND_A_VALUE((body, random) -> utf8(Splice.replaced(body, random, old -> "[" + old + "]"))),
    WRITES_A_VALUE_AS_TEXT((body, random) -> utf8(Splice.replaced(body, random, Splice::quoted))),
    WRITES_AN_ODD_NUMBER((body, random) -> utf8(Splice.value(body, EdgeCases.placedNumber(random), random))),
    BEGINS_WITH_AN_ODD_NUMBER(
            (body, random) -> utf8(Splice.members(body, "\"x\":" + EdgeCases.placedNumber(random), true, random))),
    ENDS_WITH_AN_ODD_NUMBER(
            (body, random) -> utf8(Splice.members(body, "\"x\":" + EdgeCases.placedNumber(random), false, random))),
    WRITES_JSON_IN_A_TEXT((body, random) -> utf8(Splice.value(
            body,
            Splice.quoted(random.nextBoolean() ? EdgeCases.nested(random) : EdgeCases.placedNumber(random)),
            random))),
    NESTS_A_VALUE((body, random) -> utf8(Splice.value(body, EdgeCases.nested(random), random))),
    NESTS_THE_BODY((body, random) -> utf8(EdgeCases.nested(random))),
    NESTS_THE_BODY_ITSELF((body, random) -> {
        int depth = random.nextInt(1, 80);
        return utf8("{\"value\":[".repeat(depth) + body + "]}".repeat(depth));
    }),
    ESCAPES_A_TEXT((body, random) -> utf8(
            Splice.value(body, "\"a" + EdgeCases.escape(random) + (random.nextBoolean() ? "b" : "") + "\"", random))),
    ESCAPES_A_NAME((body, random) -> utf8(Splice.name(body, EdgeCases.escape(random), random))),
    ADDS_AN_ESCAPED_NAME((body, random) -> utf8(Splice.members(
            body, "\"" + EdgeCases.escape(random) + "\":" + EdgeCases.literal(random), random.nextBoolean(), random))),
    RENAMES_A_MEMBER((body, random) -> {
        String name = Splice.quoted(EdgeCases.text(random));
        return utf8(Splice.name(body, name.substring(1, name.length() - 1), random));
    }),
    LENGTHENS_A_NAME((body, random) -> utf8(Splice.name(body, "a".repeat(EdgeCases.length(random, 200_000)), random))),
    NAMES_A_MEMBER_TWICE((body, random) -> utf8(Splice.twice(body, random))),
    LENGTHENS_A_TEXT((body, random) -> utf8(
            Splice.value(body, Splice.quoted(EdgeCases.repeated(random, EdgeCases.length(random, 200_000))), random))),
    LENGTHENS_A_TEXT_OVER_THE_BODY_LIMIT(
            (body, random) -> utf8(Splice.value(body, Splice.quoted("a".repeat(4_300_000)), random)), true),
    ADDS_MANY_MEMBERS((body, random) ->
            utf8(Splice.members(body, members(many(random), EdgeCases.literal(random)), random.nextBoolean(), random))),
    ADDS_MANY_WRONG_MEMBERS((body, random) -> utf8(Splice.members(body, members(60_000, "[]"), false, random)), true),
    FILLS_A_VALUE_WITH_MEMBERS((body, random) ->
            utf8(Splice.value(body, '{' + members(many(random), EdgeCases.literal(random)) + '}', random))),
    FILLS_A_VALUE_WITH_WRONG_MEMBERS(
            (body, random) -> utf8(Splice.value(body, '{' + members(60_000, "[]") + '}', random)), true),
    FILLS_A_VALUE_WITH_ELEMENTS((body, random) -> {
        String element = EdgeCases.literal(random);
        return utf8(Splice.value(body, "[" + (element + ",").repeat(many(random)) + "null]", random));
    }),
    FILLS_A_VALUE_WITH_WRONG_ELEMENTS(
            (body, random) -> utf8(Splice.value(body, "[" + "{},".repeat(300_000) + "{}]", random)), true),
    REPEATS_A_VALUE_IN_AN_ARRAY((body, random) -> utf8(Splice.replaced(body, random, old -> {
        int times = Math.max(1, Math.min(many(random), 900_000 / (old.length() + 1)));
        return "[" + (old + ",").repeat(times) + old + "]";
    }))),
    BEGINS_WITH_A_BYTE_ORDER_MARK((body, random) -> utf8("\uFEFF" + body)),
    IS_UTF_16((body, random) -> body.getBytes(StandardCharsets.UTF_16)),
    IS_LATIN_1((body, random) -> ("é" + body).getBytes(StandardCharsets.ISO_8859_1)),
    IS_CUT((body, random) -> utf8(body.substring(0, random.nextInt(body.length())))),
    HAS_SOMETHING_BEHIND((body, random) -> utf8(body + (random.nextBoolean() ? body : EdgeCases.text(random)))),
    HAS_OTHER_BITS((body, random) -> {
        byte[] bytes = utf8(body);
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return bytes;
    }),
    HAS_BYTES_THAT_ARE_NOT_UTF_8((body, random) -> {
        byte[][] wrong = {
            {(byte) 0xFF},
            {(byte) 0xC0, (byte) 0x80},
            {(byte) 0xED, (byte) 0xA0, (byte) 0x80},
            {(byte) 0xF4, (byte) 0x90},
        };
        byte[] bytes = utf8(body);
        byte[] more = wrong[random.nextInt(wrong.length)];
        System.arraycopy(
                more,
                0,
                bytes,
                random.nextInt(Math.max(1, bytes.length - more.length)),
                Math.min(more.length, bytes.length));
        return bytes;
    }),
    IS_GARBAGE((body, random) -> {
        byte[] bytes = new byte[random.nextInt(1, 300)];
        random.nextBytes(bytes);
        return bytes;
    }),
    IS_ANOTHER_VALUE((body, random) ->
            utf8(random.nextBoolean() ? EdgeCases.literal(random) : Splice.quoted(EdgeCases.text(random)))),
    IS_AN_ODD_NUMBER((body, random) -> utf8(EdgeCases.placedNumber(random))),
    IS_BLANK((body, random) -> utf8(" \n\t".repeat(random.nextInt(1, 1_000)))),
    IS_AN_ARRAY((body, random) -> utf8("[" + body + "]")),
    IS_A_TEXT((body, random) -> utf8(Splice.quoted(body))),
    IS_A_TEXT_IN_A_TEXT((body, random) -> utf8(Splice.quoted(Splice.quoted(body)))),
    IS_A_TEXT_WITH_AN_ODD_NUMBER((body, random) -> utf8(
            Splice.quoted(Splice.members(body, "\"x\":" + EdgeCases.number(random), random.nextBoolean(), random)))),
    IS_A_DEEP_TEXT((body, random) -> utf8(Splice.quoted(EdgeCases.nested(random))));

    private interface Change {
        byte[] of(String body, SplittableRandom random);
    }

    private final Change change;
    private final boolean large;

    BodyMutation(Change change) {
        this(change, false);
    }

    BodyMutation(Change change, boolean large) {
        this.change = change;
        this.large = large;
    }

    /** Returns whether a request with this mutation takes so long that only few are sent. */
    boolean isLarge() {
        return large;
    }

    @Override
    public boolean fits(FuzzRequest request) {
        return request.hasBody();
    }

    @Override
    public FuzzRequest change(FuzzRequest request, SplittableRandom random) {
        String body = request.body();
        return request.withBody(change.of(body.isEmpty() ? "{}" : body, random));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static int many(SplittableRandom random) {
        int[] numbers = {20, 101, 150, 300, 1_500, 5_000};
        return numbers[random.nextInt(numbers.length)];
    }

    private static String members(int number, String value) {
        StringBuilder members = new StringBuilder();
        for (int i = 0; i < number; i++) {
            members.append(i == 0 ? "\"k" : ",\"k").append(i).append("\":").append(value.isEmpty() ? "0" : value);
        }
        return members.toString();
    }
}
