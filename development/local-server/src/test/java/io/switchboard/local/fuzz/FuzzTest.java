package io.switchboard.local.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.local.openapi.ApiDescription;
import io.switchboard.local.openapi.ApiDescription.Operation;
import io.switchboard.local.openapi.DeployedFunctions;
import io.switchboard.replay.Tables;
import io.switchboard.text.Seed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * Sends tens of thousands of mutated requests directly to the handlers, on one DynamoDB Local; see
 * {@code docs/decisions/0028}.
 */
class FuzzTest {
    private static final boolean IS_LONG = Boolean.getBoolean("switchboard.long");
    private static final int REQUESTS_OF_AN_OPERATION = IS_LONG ? 2_000 : 76;
    private static final int REQUESTS_OF_A_FILE = IS_LONG ? 500 : 28;
    private static final int LEAST_REQUESTS = 20_000;
    private static final int THREADS = 2;

    private static final List<Mutation> MUTATIONS = new ArrayList<>();

    static {
        for (List<? extends Mutation> kind : List.of(
                Arrays.asList(BodyMutation.values()),
                Arrays.asList(HeaderMutation.values()),
                Arrays.asList(QueryMutation.values()),
                Arrays.asList(RequestMutation.values()),
                Arrays.asList(EventMutation.values()),
                Arrays.asList(BatchMutation.values()),
                Arrays.asList(ImportMutation.values()))) {
            MUTATIONS.addAll(kind);
        }
    }

    private static final ApiDescription API = ApiDescription.read();
    private static final DeployedFunctions FUNCTIONS =
            DeployedFunctions.in(new Tables().environment("PRIVATE_NOTIFICATION_URLS", "true"));
    private static final BaseRequests BASES = new BaseRequests(FUNCTIONS, API);

    @AfterAll
    static void close() {
        BASES.close();
    }

    @Test
    void each_operation_of_the_document_has_a_request_that_succeeds() throws InterruptedException {
        try (FuzzResult.Sender sender = new FuzzResult.Sender()) {
            for (Operation operation : API.operations()) {
                for (FuzzRequest request : BASES.of(operation)) {
                    FuzzResult response = sender.send(FUNCTIONS.named(request.function()), request.bytes());
                    ResponseContract.Outcome outcome = ResponseContract.check(request, response, false);

                    assertThat(outcome.broken()).as("%s: %s", request, response).isEmpty();
                    assertThat(outcome.status())
                            .as("%s %s: %s", operation.method(), operation.pattern(), response.text())
                            .isBetween(200, 299);
                }
            }
        }
    }

    @Test
    void each_list_of_the_document_has_a_request_with_a_page_token() {
        for (Operation operation : API.operations()) {
            List<FuzzRequest> requests = BASES.of(operation);
            if (requests.getFirst().options().contains("$skiptoken")) {
                assertThat(requests).as(operation.pattern()).hasSize(2);
            }
        }
    }

    @Test
    void responses_to_mutated_requests_keep_the_response_contract() throws Exception {
        long seed = Seed.number("fuzz", IS_LONG ? System.nanoTime() : 28);
        AtomicInteger sent = new AtomicInteger();
        Findings findings = new Findings();
        List<Runnable> runs = new ArrayList<>();
        for (Operation operation : API.operations()) {
            runs.add(() -> fuzz(operation, seed, findings, sent));
        }
        int index = 0;
        for (FuzzRequest request : BASES.ofCases()) {
            long own = seed + index++;
            runs.add(() -> fuzz(request, own, findings, sent));
        }
        long begun = System.nanoTime();
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            List<Future<?>> all = new ArrayList<>();
            runs.forEach(run -> all.add(threads.submit(run)));
            for (Future<?> each : all) {
                each.get();
            }
        }
        System.out.printf("fuzz: %d requests in %d s%n", sent.get(), (System.nanoTime() - begun) / 1_000_000_000);

        assertThat(sent.get()).isGreaterThanOrEqualTo(LEAST_REQUESTS);
        assertThat(findings.isEmpty()).as("with seed %d: %s", seed, findings).isTrue();
    }

    private static void fuzz(Operation operation, long seed, Findings findings, AtomicInteger sent) {
        String name = operation.method() + " " + operation.pattern();
        MutationSequence choice = new MutationSequence(
                new SplittableRandom(seed ^ name.hashCode()),
                (operation.root().isEmpty() && name.hashCode() % 3 == 0) || name.endsWith("1.0/$batch"));
        List<FuzzRequest> bases = BASES.of(operation);
        int served = 0;
        if (bases.size() > 1) {
            sendPositions(name, bases.getLast(), findings, sent);
        }
        try (FuzzResult.Sender sender = new FuzzResult.Sender()) {
            for (int i = 0; i < REQUESTS_OF_AN_OPERATION; i++) {
                FuzzRequest base = bases.get(i % bases.size());
                FuzzRequest mutated = choice.mutated(base);
                int status = send(name, mutated, sender, findings, choice.isNeverSent);
                sent.incrementAndGet();
                if (status >= 200 && status < 300 && ++served >= servedBefore(operation)) {
                    bases = BASES.of(operation);
                    served = 0;
                }
            }
        }
    }

    private static void sendPositions(String operation, FuzzRequest base, Findings findings, AtomicInteger sent) {
        try (FuzzResult.Sender sender = new FuzzResult.Sender()) {
            for (FuzzRequest request : QueryMutation.withOtherPositions(base)) {
                send(
                        operation,
                        request.after(QueryMutation.TOKEN_WITH_ANOTHER_POSITION.name()),
                        sender,
                        findings,
                        false);
                sent.incrementAndGet();
            }
        }
    }

    /**
     * Returns the number of successful requests after which a new tenant is needed, because the path's resource is
     * deleted or the desk is full.
     */
    private static int servedBefore(Operation operation) {
        String path = operation.path();
        boolean isSpentAtOnce = operation.method().equals("DELETE")
                || operation.method().equals("PUT")
                || path.endsWith("/reopen")
                || path.endsWith("/handOver")
                || path.endsWith("/accept")
                || path.endsWith("/reject")
                || path.endsWith("/clone");
        return operation.method().equals("GET") ? Integer.MAX_VALUE : isSpentAtOnce ? 1 : 8;
    }

    private static void fuzz(FuzzRequest base, long seed, Findings findings, AtomicInteger sent) {
        MutationSequence choice = new MutationSequence(new SplittableRandom(seed), false);
        try (FuzzResult.Sender sender = new FuzzResult.Sender()) {
            for (int i = 0; i < REQUESTS_OF_A_FILE; i++) {
                FuzzRequest mutated = choice.mutated(base);
                send(base.method() + " " + base.path(), mutated, sender, findings, choice.isNeverSent);
                sent.incrementAndGet();
            }
        }
    }

    private static int send(
            String operation, FuzzRequest request, FuzzResult.Sender sender, Findings findings, boolean isNeverSent) {
        FuzzResult response;
        try {
            response = sender.send(FUNCTIONS.named(request.function()), request.bytes());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        ResponseContract.Outcome outcome = ResponseContract.check(request, response, isNeverSent);
        for (String broken : outcome.broken()) {
            findings.add(
                    isNeverSent ? "for an event that API Gateway never sends: " + broken : broken,
                    operation,
                    request.changes(),
                    request.toString(),
                    response);
        }
        return outcome.status();
    }

    /** Selects all applicable mutations repeatedly in a random order, sometimes two at a time. */
    private static final class MutationSequence {
        private final SplittableRandom random;
        private final boolean withLarge;
        private final List<Mutation> left = new ArrayList<>();
        private boolean isNeverSent;

        MutationSequence(SplittableRandom random, boolean withLarge) {
            this.random = random;
            this.withLarge = withLarge;
        }

        FuzzRequest mutated(FuzzRequest base) {
            isNeverSent = false;
            FuzzRequest once = change(base);
            return random.nextInt(8) == 0 && !isNeverSent && once.body().length() < 100_000 ? change(once) : once;
        }

        private FuzzRequest change(FuzzRequest request) {
            Mutation next = next(request);
            isNeverSent |= next.isNeverSent();
            return next.change(request, random).after(next.name());
        }

        private Mutation next(FuzzRequest request) {
            for (int i = 0; i < left.size(); i++) {
                if (left.get(i).fits(request)) {
                    return left.remove(i);
                }
            }
            left.clear();
            for (Mutation mutation : MUTATIONS) {
                left.add(random.nextInt(left.size() + 1), mutation);
            }
            left.removeIf(mutation -> mutation instanceof BodyMutation body && body.isLarge() && !withLarge);
            return next(request);
        }
    }
}
