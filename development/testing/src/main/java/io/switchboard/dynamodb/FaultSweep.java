package io.switchboard.dynamodb;

import io.switchboard.dynamodb.FaultyHttpClient.Fault;
import io.switchboard.runtime.Deadline;
import io.switchboard.text.Seed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/**
 * Runs one operation with a fault at each of its requests: with each fault if {@code switchboard.long} is set,
 * otherwise without a fault, with the faults that lose or delay a response, and with three others that the seed
 * selects.
 */
public final class FaultSweep {
    private static final Duration ENOUGH = Duration.ofSeconds(30);
    private static final int SELECTED = 3;
    private static final List<Fault> FAULTS = faults();

    private FaultSweep() {}

    private static List<Fault> faults() {
        List<Fault> others = new ArrayList<>(List.of(Fault.values()));
        if (Boolean.getBoolean("switchboard.long")) {
            return others;
        }
        List<Fault> faults = new ArrayList<>(List.of(Fault.NONE, Fault.LOST_RESPONSE, Fault.LATE));
        others.removeAll(faults);
        Collections.shuffle(others, new Random(Seed.number("faults of the sweeps", System.nanoTime())));
        faults.addAll(others.subList(0, SELECTED));
        return List.copyOf(faults);
    }

    /**
     * Runs the operation, each time with a separate preparation.
     *
     * @param preparation prepares the state, without faults, and returns the operation and its assertions, which run
     *     with the fault
     */
    public static void run(FaultyHttpClient transport, Supplier<Runnable> preparation) {
        for (Fault fault : FAULTS) {
            boolean happened = true;
            for (int request = 0; happened; request++) {
                transport.clearFaults();
                Runnable operation = preparation.get();
                transport.inject(request, fault);
                int faultyRequest = request;
                Deadline.in(ENOUGH).during(() -> {
                    try {
                        operation.run();
                    } catch (RuntimeException | AssertionError e) {
                        throw new AssertionError(
                                "With " + fault + " at request " + faultyRequest + " of " + transport.operations()
                                        + ": " + e.getMessage(),
                                e);
                    }
                    return true;
                });
                happened = fault != Fault.NONE && transport.operations().size() > request;
            }
        }
    }
}
