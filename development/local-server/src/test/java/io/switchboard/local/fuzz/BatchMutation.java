package io.switchboard.local.fuzz;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.SplittableRandom;

/** Batches whose parts are complete requests. */
@SuppressWarnings("ImmutableEnumChecker") // the changes have no state
enum BatchMutation implements Mutation {
    DEEP_FILTER_IN_A_PART((request, random) ->
            of(request, "/communications/callRecords?$filter=" + "(".repeat(random.nextInt(10, 8_000)))),
    LONG_ID_IN_A_FILTER_OF_A_PART((request, random) -> of(
            request,
            "/communications/callRecords?$filter=participants_v2/any(p:p/id%20eq%20'"
                    + "a".repeat(random.nextInt(100, 8_000)) + "')")),
    ODD_URLS((request, random) -> {
        String[] urls = new String[random.nextInt(1, 21)];
        for (int i = 0; i < urls.length; i++) {
            urls[i] = switch (random.nextInt(5)) {
                case 0 -> EdgeCases.text(random);
                case 1 -> "/communications/callRecords/" + EdgeCases.text(random);
                case 2 -> "/communications/callRecords?" + EdgeCases.text(random) + "=" + EdgeCases.text(random);
                case 3 -> EdgeCases.repeated(random, 2_000);
                default -> "/communications/callRecords/a?$select=" + "x,".repeat(3_000);
            };
        }
        return of(request, urls);
    }),
    ODD_BODIES((request, random) -> {
        ObjectNode batch =
                of("/communications/callRecords", "/subscriptions", "/communications/callRecords/a/sessions");
        for (var part : batch.path("requests")) {
            ((ObjectNode) part).put("method", random.nextBoolean() ? "POST" : "PATCH");
            ((ObjectNode) part).putObject("headers").put("Content-Type", "application/json");
            ((ObjectNode) part).put("body", "~body~");
        }
        String text = batch.toString();
        while (text.contains("\"~body~\"")) {
            String body =
                    switch (random.nextInt(5)) {
                        case 0 -> EdgeCases.placedNumber(random);
                        case 1 -> EdgeCases.nested(random);
                        case 2 -> '"' + EdgeCases.escape(random) + '"';
                        case 3 -> Splice.quoted(EdgeCases.text(random));
                        default -> EdgeCases.literal(random);
                    };
            text = text.replaceFirst("\"~body~\"", java.util.regex.Matcher.quoteReplacement(body));
        }
        return request.withBody(text);
    }),
    ODD_HEADERS((request, random) -> {
        ObjectNode batch = of("/communications/callRecords", "/communications/callRecords");
        for (var part : batch.path("requests")) {
            ObjectNode headers = ((ObjectNode) part).putObject("headers");
            for (int i = random.nextInt(1, 300); i > 0; i--) {
                headers.put(EdgeCases.text(random) + i, EdgeCases.text(random));
            }
            headers.put("Prefer", EdgeCases.text(random)).put("If-Match", EdgeCases.text(random));
        }
        return request.withBody(batch.toString());
    }),
    LONG_DEPENDENCY((request, random) -> {
        ObjectNode batch = of("/communications/callRecords");
        ((ObjectNode) batch.path("requests").path(0))
                .putArray("dependsOn")
                .add("a".repeat(EdgeCases.length(random, 900_000)));
        return request.withBody(batch.toString());
    }),
    MANY_DEPENDENCIES((request, random) -> {
        ObjectNode batch = of("/communications/callRecords");
        ArrayNode ids = ((ObjectNode) batch.path("requests").path(0)).putArray("dependsOn");
        for (int i = EdgeCases.length(random, 20_000); i > 0; i--) {
            ids.add(String.valueOf(i));
        }
        return request.withBody(batch.toString());
    }),
    WRONG_PARTS_IN_THOUSANDS((request, random) ->
            request.withBody("{\"requests\":[" + "{\"a\":1},".repeat(EdgeCases.length(random, 50_000)) + "null]}")),
    BATCH_IN_A_BATCH((request, random) -> {
        ObjectNode batch = of("/$batch");
        ((ObjectNode) batch.path("requests").path(0))
                .put("method", "POST")
                .put(
                        "url",
                        EdgeCases.of(
                                java.util.List.of("/$batch", "/%24batch", "/v1.0/$batch", "$batch", "/beta/$batch"),
                                random))
                .set("body", of("/communications/callRecords"));
        ((ObjectNode) batch.path("requests").path(0)).putObject("headers").put("Content-Type", "application/json");
        return request.withBody(batch.toString());
    });

    private interface Change {
        FuzzRequest of(FuzzRequest request, SplittableRandom random);
    }

    private final Change change;

    BatchMutation(Change change) {
        this.change = change;
    }

    @Override
    public boolean fits(FuzzRequest request) {
        return request.path().endsWith("$batch");
    }

    @Override
    public FuzzRequest change(FuzzRequest request, SplittableRandom random) {
        return change.of(request, random);
    }

    private static FuzzRequest of(FuzzRequest request, String... urls) {
        return request.withBody(of(urls).toString());
    }

    private static ObjectNode of(String... urls) {
        ObjectNode batch = new ObjectMapper().createObjectNode();
        ArrayNode requests = batch.putArray("requests");
        for (int i = 0; i < urls.length; i++) {
            requests.addObject()
                    .put("id", String.valueOf(i))
                    .put("method", "GET")
                    .put("url", urls[i]);
        }
        return batch;
    }
}
