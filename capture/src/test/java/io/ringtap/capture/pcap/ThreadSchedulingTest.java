package io.ringtap.capture.pcap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.testnet.VethPair;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/** What the kernel says of a thread that is to run soon after it wakes. */
class ThreadSchedulingTest {
    private static <T> T onThread(Callable<T> work) throws Exception {
        FutureTask<T> task = new FutureTask<>(work);
        Thread.ofPlatform().daemon().start(task);
        return task.get();
    }

    private static String self() throws Exception {
        return Path.of("/proc/thread-self").toRealPath().getFileName().toString();
    }

    private static String said(String file) throws Exception {
        return Files.readString(Path.of("/proc/self/task/" + self(), file));
    }

    @Test
    void shouldAskForTheProcessorAShortTimeAtATimeAndKeepTheThreadsNiceness() throws Exception {
        String sched = onThread(() -> {
            VethPair.run("renice", "-n", "5", "-p", self());
            assertTrue(ThreadScheduling.shortSlice());
            return said("sched");
        });
        assertEquals(slicesAreAskedFor(), sched.matches("(?s).*se\\.slice\\s*:\\s*100000\n.*"), sched);
        assertTrue(sched.matches("(?s).*prio\\s*:\\s*125\n.*"), sched);
    }

    /** Older kernels take no notice. */
    private static boolean slicesAreAskedFor() {
        String[] version = System.getProperty("os.version").split("\\D", 3);
        int major = Integer.parseInt(version[0]);
        return major > 6 || (major == 6 && Integer.parseInt(version[1]) >= 12);
    }

    @Test
    void shouldLeaveAThreadThePolicyThatTheAdministratorGaveIt() throws Exception {
        String sched = onThread(() -> {
            VethPair.run("chrt", "--batch", "-p", "0", self());
            assertTrue(ThreadScheduling.shortSlice());
            return said("sched");
        });
        assertTrue(sched.matches("(?s).*policy\\s*:\\s*3\n.*"), sched);
        assertFalse(sched.matches("(?s).*se\\.slice\\s*:\\s*100000\n.*"), sched);
    }

    @Test
    void shouldLeaveTheAskingThreadItsPolicy() throws Exception {
        String sched = onThread(() -> {
            Optional<String> problem = ThreadScheduling.realtimeProblem();
            assertEquals(realtimeIsAllowed(), problem.isEmpty(), problem.toString());
            return said("sched");
        });
        assertTrue(sched.matches("(?s).*policy\\s*:\\s*0\n.*"), sched);
    }

    private static boolean realtimeIsAllowed() throws Exception {
        return new ProcessBuilder("chrt", "--fifo", "10", "true").start().waitFor() == 0;
    }
}
