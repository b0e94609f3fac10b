package io.switchboard.local.faults;

import io.switchboard.replay.FaultyEndpoint.Call;
import io.switchboard.replay.FaultyEndpoint.Fault;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Selects the fault of each request to DynamoDB: usually none, often a single one, sometimes one that affects all
 * requests to a partition for longer than a function may take. Thread-safe.
 */
final class FaultPlan implements Function<Call, Fault> {
    private static final Pattern PARTITION = Pattern.compile("\":?(?:owner|tenant)\":\\{\"S\":\"([^\"]*)\"");
    private static final int OF = 10_000;
    private static final int LASTING = 25;
    private static final Duration LEAST = Duration.ofSeconds(3);
    private static final Duration MOST = Duration.ofSeconds(13);
    private static final List<Fault> CAN_LAST = Stream.of(Fault.values())
            .filter(fault -> fault != Fault.NONE && fault != Fault.SLOW)
            .toList();

    private final SplittableRandom random;
    private final Map<String, LastingFault> lasting = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> injected = new ConcurrentHashMap<>();

    private record LastingFault(Fault fault, long untilNanos) {}

    FaultPlan(SplittableRandom random) {
        this.random = random;
    }

    /** Returns how many of {@value #OF} requests get this fault alone. */
    private static int share(Fault fault) {
        return switch (fault) {
            case NONE -> 0;
            case SLOW -> 400;
            case THROTTLED, SERVER_ERROR, CONFLICT -> 200;
            case RATE_EXCEEDED, THROTTLED_PART, UNAVAILABLE, MIXED_CONFLICT, BROKEN_CONNECTION, LOST_RESPONSE -> 150;
            case MIXED_THROTTLING, UNPROCESSED_KEYS, INCOMPLETE_RESPONSE, TRUNCATED_RESPONSE -> 100;
            case NO_RESPONSE, LATE_RESPONSE, LATE_REQUEST -> 40;
        };
    }

    @Override
    public Fault apply(Call call) {
        Fault fault = next(call);
        injected.computeIfAbsent(
                        call.operation() + " " + (fault.appliesTo(call.operation()) ? fault : Fault.NONE),
                        name -> new LongAdder())
                .increment();
        return fault;
    }

    private Fault next(Call call) {
        Matcher found = PARTITION.matcher(call.body());
        String partition = found.find() ? found.group(1) : "";
        @Nullable LastingFault ill = lasting.get(partition);
        if (ill != null && ill.untilNanos - System.nanoTime() > 0) {
            return ill.fault;
        }
        synchronized (random) {
            if (random.nextInt(OF) < LASTING) {
                Fault fault = CAN_LAST.get(random.nextInt(CAN_LAST.size()));
                long time = random.nextLong(LEAST.toNanos(), MOST.toNanos());
                lasting.put(partition, new LastingFault(fault, System.nanoTime() + time));
                return fault;
            }
            int drawn = random.nextInt(OF);
            for (Fault fault : Fault.values()) {
                drawn -= share(fault);
                if (drawn < 0) {
                    return fault;
                }
            }
            return Fault.NONE;
        }
    }

    /** Returns the number of requests to DynamoDB by fault and operation. */
    Map<String, Long> injected() {
        Map<String, Long> counts = new TreeMap<>();
        injected.forEach((name, count) -> counts.put(name, count.sum()));
        return counts;
    }
}
