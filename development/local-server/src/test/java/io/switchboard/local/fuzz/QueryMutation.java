package io.switchboard.local.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/** Mutations of query options. */
@SuppressWarnings("ImmutableEnumChecker") // the changes have no state
enum QueryMutation implements Mutation {
    UNKNOWN_OPTION((request, random) -> request.withQuery(EdgeCases.text(random), EdgeCases.text(random))),
    LONG_UNKNOWN_OPTION((request, random) ->
            request.withQuery(EdgeCases.repeated(random, EdgeCases.length(random, 9_000) / 4 + 1), "")),
    MANY_UNKNOWN_OPTIONS((request, random) -> {
        var event = request.event();
        var query = event.putObject("queryStringParameters");
        for (int i = random.nextInt(1, 1_800); i > 0; i--) {
            query.put(String.valueOf(i), "");
        }
        return request.withEvent(event);
    }),
    ODD_VALUE((request, random) -> request.withQuery(option(request, random), EdgeCases.text(random))),
    LONG_VALUE((request, random) -> request.withQuery(
            option(request, random), EdgeCases.repeated(random, EdgeCases.length(random, 9_000) / 4 + 1))),
    OTHER_FORM_OF_NAME((request, random) -> {
        String name = option(request, random);
        String value = request.query(name);
        String other = name.replace("$", random.nextBoolean() ? "$" : "");
        return request.withQuery(
                random.nextBoolean() ? other.toUpperCase(Locale.ROOT) : other,
                value == null ? EdgeCases.text(random) : value);
    }),
    REPEATED_OPTION((request, random) -> {
        String name = option(request, random);
        String value = request.query(name);
        String one = value == null ? EdgeCases.text(random) : value;
        return request.withQuery(name, one + ("," + one).repeat(random.nextInt(1, 20)));
    }),
    NO_VALUE((request, random) -> request.withQuery(option(request, random), "")),
    TOP(
            (request, random) -> request.withQuery(
                    "$top",
                    EdgeCases.of(
                            List.of(
                                    "0",
                                    "-1",
                                    "1",
                                    "100",
                                    "101",
                                    "2147483647",
                                    "2147483648",
                                    "99999999999999999999",
                                    "1e3",
                                    " 1",
                                    "+1",
                                    "1.0",
                                    "٣",
                                    "0x1",
                                    "1,1",
                                    "9".repeat(5_000)),
                            random)),
            "$top"),
    FILTER((request, random) -> request.withQuery("$filter", filter(random)), "$filter"),
    DEEP_FILTER(
            (request, random) -> {
                int depth = random.nextInt(10, 4_400);
                String open = "(".repeat(depth);
                return request.withQuery(
                        "$filter",
                        switch (random.nextInt(3)) {
                            case 0 -> open;
                            case 1 -> open + "startDateTime ge 2026-01-01T00:00:00Z" + ")".repeat(depth);
                            default -> "( ".repeat(depth / 2) + filter(random) + " )".repeat(depth / 2);
                        });
            },
            "$filter"),
    LONG_ID_IN_FILTER(
            (request, random) -> {
                String[] units = {"a", "''", "é", "a''", "\uD83D\uDE00", "%27", "\\", ")", " "};
                String unit = units[random.nextInt(units.length)];
                return request.withQuery(
                        "$filter",
                        "participants_v2/any(p:p/id eq '" + unit.repeat(random.nextInt(100, 9_000) / unit.length())
                                + (random.nextInt(4) == 0 ? "" : "')"));
            },
            "$filter"),
    MANY_CONDITIONS(
            (request, random) -> {
                String[] units = {
                    "startDateTime ge 2026-01-01T00:00:00Z",
                    "x",
                    "",
                    "(x)",
                    "participants_v2/any(p:p/id eq 'a')",
                    "not (type eq 'a' or version in (1,2))",
                    "'and'"
                };
                String unit = units[random.nextInt(units.length)];
                return request.withQuery(
                        "$filter", unit + (" and " + unit).repeat(random.nextInt(1, 8_800 / (unit.length() + 5))));
            },
            "$filter"),
    ORDER(
            (request, random) -> request.withQuery(
                    "$orderby",
                    EdgeCases.of(
                            List.of(
                                    "startDateTime",
                                    "startDateTime desc",
                                    "startDateTime  desc",
                                    "startdatetime",
                                    "lastModifiedDateTime",
                                    "id,startDateTime",
                                    "desc",
                                    " ",
                                    "\u0000",
                                    "startDateTime,".repeat(600)),
                            random)),
            "$orderby"),
    DELTA_TOKEN(
            (request, random) -> request.withQuery(
                    "$deltatoken",
                    EdgeCases.of(List.of("latest", "Latest", "x", "", "YQ", "\u0000", "a".repeat(5_000)), random)),
            "$deltatoken"),
    SELECT((request, random) -> request.withQuery("$select", list(random)), "$select"),
    EXPAND((request, random) -> request.withQuery("$expand", list(random)), "$expand"),
    DEEP_EXPAND(
            (request, random) -> {
                int depth = random.nextInt(1, 600);
                String[] units = {"sessions($expand=", "segments($select=", "(", "sessions($select=id;$expand="};
                String unit = units[random.nextInt(units.length)];
                String text = unit.repeat(Math.min(depth, 9_000 / unit.length()));
                return request.withQuery(
                        "$expand", random.nextBoolean() ? text : text + "segments" + ")".repeat(depth));
            },
            "$expand"),
    MADE_UP_TOKEN(
            (request, random) -> {
                byte[] bytes = new byte[random.nextInt(0, 900)];
                random.nextBytes(bytes);
                return request.withQuery(
                        "$skiptoken", Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
            },
            "$skiptoken"),
    TOKEN_WITH_OTHER_BITS(
            (request, random) -> {
                byte[] token = token(request);
                token[random.nextInt(token.length)] ^= (byte) (1 << random.nextInt(8));
                return request.withQuery("$skiptoken", encoded(token));
            },
            "$skiptoken"),
    TOKEN_CUT(
            (request, random) -> {
                byte[] token = token(request);
                return request.withQuery("$skiptoken", encoded(Arrays.copyOf(token, random.nextInt(token.length))));
            },
            "$skiptoken"),
    /**
     * A token with the valid binding of this list, which contains no secret, and a position that this list never
     * issues.
     */
    TOKEN_WITH_ANOTHER_POSITION(QueryMutation::withAnotherPosition, "$skiptoken");

    /** The number of bytes before the position. */
    private static final int BINDING = 9;

    private static final List<String> POSITIONS = List.of(
            "x",
            "abc.x",
            "-5.x",
            "99999999999999999999.x",
            "0.",
            ".",
            "..",
            "1",
            "0",
            "-1",
            "9",
            "00",
            "SESSION#",
            "#",
            "\u0000",
            "2026-01-01T00:00:00Z",
            "~",
            "a".repeat(700),
            "é",
            "1.1.1.1",
            "2147483648",
            "2147483648.x",
            "1.",
            "0.x",
            "00000000000000000001");

    private interface Change {
        FuzzRequest of(FuzzRequest request, SplittableRandom random);
    }

    private final Change change;
    private final String option;

    QueryMutation(Change change) {
        this(change, "");
    }

    QueryMutation(Change change, String option) {
        this.change = change;
        this.option = option;
    }

    @Override
    public boolean fits(FuzzRequest request) {
        if (name().startsWith("TOKEN")) {
            return request.query("$skiptoken") != null;
        }
        return option.isEmpty() || request.options().contains(option);
    }

    @Override
    public FuzzRequest change(FuzzRequest request, SplittableRandom random) {
        return change.of(request, random);
    }

    private static String option(FuzzRequest request, SplittableRandom random) {
        List<String> options = new ArrayList<>(request.options());
        if (options.isEmpty()) {
            options.add("$top");
        }
        return EdgeCases.of(options, random);
    }

    private static byte[] token(FuzzRequest request) {
        String token = request.query("$skiptoken");
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(token == null ? "" : token);
            return bytes.length > BINDING ? bytes : new byte[BINDING + 1];
        } catch (IllegalArgumentException e) {
            // Another mutation has already changed the token.
            return new byte[BINDING + 1];
        }
    }

    private static FuzzRequest withAnotherPosition(FuzzRequest request, SplittableRandom random) {
        return EdgeCases.of(withOtherPositions(request), random);
    }

    /** Returns copies of a request with a page token, each with an unusual position after the token's binding. */
    static List<FuzzRequest> withOtherPositions(FuzzRequest request) {
        byte[] token = token(request);
        String own = new String(token, BINDING, token.length - BINDING, StandardCharsets.UTF_8);
        List<byte[]> positions = new ArrayList<>();
        for (String position : POSITIONS) {
            positions.add(position.getBytes(StandardCharsets.UTF_8));
        }
        for (String position : List.of(
                own + "x", "x" + own, own.toUpperCase(Locale.ROOT), own + own, own.substring(own.length() / 2))) {
            positions.add(position.getBytes(StandardCharsets.UTF_8));
        }
        positions.add(new byte[] {(byte) 0xFF, (byte) 0xFE, (byte) 0xC0});
        List<FuzzRequest> requests = new ArrayList<>();
        for (byte[] position : positions) {
            byte[] forged = Arrays.copyOf(token, BINDING + position.length);
            System.arraycopy(position, 0, forged, BINDING, position.length);
            requests.add(request.withQuery("$skiptoken", encoded(forged)));
        }
        return requests;
    }

    private static String encoded(byte[] token) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(token);
    }

    private static String filter(SplittableRandom random) {
        StringBuilder filter = new StringBuilder();
        List<String> pieces = List.of(
                "startDateTime",
                "endDateTime",
                "lastModifiedDateTime",
                "version",
                "type",
                "organizer_v2/id",
                "in",
                "ne",
                "2026-01-01",
                "2026-01-01T00:00Z",
                "ge",
                "lt",
                "eq",
                "2026-01-01T00:00:00Z",
                "2026-02-30T00:00:00Z",
                "+999999999-12-31T23:59:59Z",
                "and",
                "or",
                "not",
                "(",
                ")",
                "participants_v2/any(p:p/id eq 'a')",
                "participants_v2/any(",
                "p:",
                "p/id",
                "'",
                "''",
                "'a'",
                "null",
                "id",
                "/",
                ",",
                "1e99999999999",
                "9999-12-31T23:59:59.9999999Z",
                "\u0000",
                "contains(id,'a')");
        for (int i = random.nextInt(1, 12); i > 0; i--) {
            filter.append(EdgeCases.of(pieces, random)).append(random.nextInt(5) == 0 ? "" : " ");
        }
        return filter.toString();
    }

    private static String list(SplittableRandom random) {
        List<String> pieces = List.of(
                "id",
                "*",
                "x",
                "",
                " ",
                ",",
                "sessions",
                "segments",
                "participants_v2",
                "organizer_v2",
                "($select=id)",
                "($expand=segments)",
                "(",
                ")",
                ";",
                "$levels=max",
                "sessions($expand=segments($select=id))",
                "sessions($top=1)",
                "sessions($top=-1;$count=true)",
                "segments(top=0;count=true)",
                "participants_v2($count=maybe)",
                "caller/userAgent",
                "organizer_v2/id",
                "organizer/user/" + "a/".repeat(100),
                "media/streams/streamId",
                "sessions($expand=*)",
                "/",
                "$ref",
                "\u0000",
                "a".repeat(300));
        StringBuilder list = new StringBuilder();
        String one = EdgeCases.of(pieces, random);
        boolean same = random.nextBoolean();
        int most = 8_800 / (same ? one.length() + 1 : 20);
        for (int i = random.nextInt(1, random.nextBoolean() ? 8 : most); i > 0 && list.length() < 8_800; i--) {
            list.append(same ? one : EdgeCases.of(pieces, random)).append(random.nextInt(6) == 0 ? "" : ",");
        }
        return list.toString();
    }
}
