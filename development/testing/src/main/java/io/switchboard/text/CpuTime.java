package io.switchboard.text;

import java.lang.management.ManagementFactory;
import java.time.Duration;

/** How much of the processor something takes: unlike the time by the clock, the same on a machine that does other work. */
public final class CpuTime {
    private CpuTime() {}

    /** What this takes in the thread that calls. */
    public static Duration of(Runnable work) {
        var threads = ManagementFactory.getThreadMXBean();
        long begin = threads.getCurrentThreadCpuTime();
        work.run();
        return Duration.ofNanos(threads.getCurrentThreadCpuTime() - begin);
    }
}
