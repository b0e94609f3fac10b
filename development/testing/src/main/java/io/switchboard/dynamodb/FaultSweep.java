package io.switchboard.dynamodb;

import io.switchboard.dynamodb.FaultyHttpClient.Fault;
import io.switchboard.runtime.Deadline;
import java.time.Duration;
import java.util.function.Supplier;

/** Runs one operation under each fault at each of its requests. */
public final class FaultSweep {
    private static final Duration ENOUGH = Duration.ofSeconds(30);

    private FaultSweep() {}

    /**
     * Runs it; each time on ground of its own.
     *
     * @param preparation prepares the ground, over a transport that lets everything through, and gives what is run, with its
     *     assertions, under the fault
     */
    public static void run(FaultyHttpClient transport, Supplier<Runnable> preparation) {
        for (Fault fault : Fault.values()) {
            boolean happened = true;
            for (int request = 0; happened; request++) {
                transport.letThrough();
                Runnable operation = preparation.get();
                transport.spoil(request, fault);
                int spoiled = request;
                Deadline.in(ENOUGH).during(() -> {
                    try {
                        operation.run();
                    } catch (RuntimeException | AssertionError e) {
                        throw new AssertionError(
                                "Under " + fault + " at request " + spoiled + " of " + transport.operations() + ": "
                                        + e.getMessage(),
                                e);
                    }
                    return true;
                });
                happened = fault != Fault.NONE && transport.operations().size() > request;
            }
        }
    }
}
