package io.switchboard.text;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Measures allocated memory, which does not depend on the other work of the machine. */
public final class AllocatedBytes {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private AllocatedBytes() {}

    /** Returns the bytes that this work allocates in the calling thread. */
    public static long of(Runnable work) {
        long begin = THREADS.getCurrentThreadAllocatedBytes();
        work.run();
        return THREADS.getCurrentThreadAllocatedBytes() - begin;
    }
}
