package io.switchboard.local.fuzz;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Mutations of the path, the method and the claims. */
@SuppressWarnings("ImmutableEnumChecker") // the changes have no state
enum RequestMutation implements Mutation {
    ODD_SEGMENT((request, random) -> segment(request, random, EdgeCases.text(random))),
    LONG_SEGMENT((request, random) ->
            segment(request, random, EdgeCases.repeated(random, EdgeCases.length(random, 9_000) / 4 + 1))),
    PLACEHOLDER_AS_SEGMENT((request, random) -> segment(
            request,
            random,
            EdgeCases.of(List.of("{sessionId}", "{userId}", "{uniqueName}", "{proxy+}", "{}", ":id"), random))),
    KEY_IN_PARENTHESES(RequestMutation::withKeyInParentheses),
    ODD_PARENTHESES((request, random) -> request.withPath(request.path()
            + EdgeCases.of(List.of("(", "('", "('a", "('')", "(id='", "('a')('b')", "(a)", "''"), random)
            + "'(".repeat(random.nextInt(2_000)))),
    SLASH_AT_THE_END((request, random) -> request.withPath(request.path() + "/")),
    SLASHES_DOUBLED((request, random) -> request.withPath(request.path().replace("/", "//"))),
    DOT_SEGMENTS((request, random) -> request.withPath(request.path() + "/../".repeat(random.nextInt(1, 500)))),
    MANY_SEGMENTS((request, random) -> request.withPath(request.path() + "/a".repeat(random.nextInt(1, 4_000)))),
    ANOTHER_PATH((request, random) -> request.withPath(EdgeCases.of(
            List.of(
                    "/",
                    "",
                    "//",
                    "a",
                    "*",
                    "/v1.0",
                    "/beta/",
                    "/v1.0/v1.0/communications",
                    "/openapi.json",
                    "/%",
                    "http://example.com/x"),
            random))),
    ANOTHER_METHOD((request, random) -> request.withMethod(EdgeCases.of(
            List.of(
                    "HEAD",
                    "OPTIONS",
                    "PUT",
                    "TRACE",
                    "CONNECT",
                    "PATCH",
                    "DELETE",
                    "POST",
                    "GET",
                    "get",
                    "",
                    " ",
                    "M-SEARCH",
                    "A".repeat(9_000)),
            random))),
    NO_CLAIM((request, random) -> request.withClaim(claim(random), null)),
    ODD_CLAIM((request, random) ->
            request.withClaim(claim(random), JsonNodeFactory.instance.textNode(EdgeCases.text(random)))),
    LONG_CLAIM((request, random) -> request.withClaim(
            claim(random),
            JsonNodeFactory.instance.textNode(EdgeCases.repeated(random, EdgeCases.length(random, 9_000))))),
    ARRAY_AS_CLAIM((request, random) -> request.withClaim(
            claim(random),
            JsonNodeFactory.instance.textNode(EdgeCases.of(
                    List.of("[a b]", "[]", "[", "[a,\"b\"]", "[[[", "[ ]", "[Sessions.ReadWrite Templates.ReadWrite]"),
                    random)))),
    NO_CLAIMS((request, random) -> {
        var event = request.event();
        event.withObject("/requestContext").remove("authorizer");
        return request.withEvent(event);
    });

    private static final Pattern KEYED =
            Pattern.compile("(callRecords|sessions|segments|participants_v2|subscriptions)/([^/$]+)");

    private interface Change {
        FuzzRequest of(FuzzRequest request, SplittableRandom random);
    }

    private final Change change;

    RequestMutation(Change change) {
        this.change = change;
    }

    @Override
    public FuzzRequest change(FuzzRequest request, SplittableRandom random) {
        return change.of(request, random);
    }

    private static String claim(SplittableRandom random) {
        return EdgeCases.of(List.of("tid", "oid", "sub", "azp", "scp", "roles", "idtyp", "iss"), random);
    }

    private static FuzzRequest withKeyInParentheses(FuzzRequest request, SplittableRandom random) {
        return request.withPath(KEYED.matcher(request.path())
                .replaceAll(found -> Matcher.quoteReplacement(found.group(1) + "('"
                        + (random.nextBoolean() ? found.group(2) : EdgeCases.text(random)) + "')")));
    }

    /** Replaces a segment, usually one of the last, which are typically ids. */
    private static FuzzRequest segment(FuzzRequest request, SplittableRandom random, String value) {
        String[] segments = request.path().split("/", -1);
        segments[random.nextInt(Math.min(1, segments.length - 1), segments.length)] = value;
        return request.withPath(String.join("/", segments));
    }
}
