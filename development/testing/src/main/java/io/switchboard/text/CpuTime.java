package io.switchboard.text;

import java.lang.management.ManagementFactory;
import java.time.Duration;

/** Measures processor time, which does not depend on the other work of the machine. */
public final class CpuTime {
    private CpuTime() {}

    /** Returns the processor time of this work in the calling thread. */
    public static Duration of(Runnable work) {
        var threads = ManagementFactory.getThreadMXBean();
        long begin = threads.getCurrentThreadCpuTime();
        work.run();
        return Duration.ofNanos(threads.getCurrentThreadCpuTime() - begin);
    }
}
