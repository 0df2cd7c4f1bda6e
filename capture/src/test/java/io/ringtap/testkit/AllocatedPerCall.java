package io.ringtap.testkit;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** What a thread allocates for each of many like calls, told apart from what it allocates once, by two lengths of run. */
public final class AllocatedPerCall {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** How much longer the second run is. */
    private static final int LONGER = 4;

    private AllocatedPerCall() {}

    /** Makes a number of calls. */
    public interface Calls {
        void make(int calls) throws Exception;
    }

    /** Makes so many calls, and four times as many, on this thread: the longer run may not allocate more. */
    public static void assertNone(int calls, Calls run) throws Exception {
        long few = allocatedBy(calls, run);
        long many = allocatedBy(LONGER * calls, run);
        double each = (double) (many - few) / ((LONGER - 1) * calls);
        assertTrue(
                each < 1, each + " bytes a call: " + few + " for " + calls + ", " + many + " for four times as many");
    }

    private static long allocatedBy(int calls, Calls run) throws Exception {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        run.make(calls);
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }
}
