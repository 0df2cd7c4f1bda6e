package io.ringtap.inject;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;

/** What a thread has used of the processor. */
public final class CpuTime {
    private CpuTime() {}

    /** Nanoseconds used by the one living thread of that name. */
    public static long ofThread(String name) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long[] ids = Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
                .filter(info -> info != null && info.getThreadName().equals(name))
                .mapToLong(info -> info.getThreadId())
                .toArray();
        if (ids.length != 1) {
            throw new IllegalStateException(ids.length + " threads called " + name);
        }
        return threads.getThreadCpuTime(ids[0]);
    }
}
