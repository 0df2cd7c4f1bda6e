package io.ringtap.inject.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/** What the kernel says of a thread that is to wake in time. */
class WakeUpsTest {
    private static <T> T onThread(Callable<T> work) throws Exception {
        FutureTask<T> task = new FutureTask<>(work);
        Thread.ofPlatform().daemon().start(task);
        return task.get();
    }

    private static String self() throws Exception {
        return Path.of("/proc/thread-self").toRealPath().getFileName().toString();
    }

    @Test
    void shouldTakeAwayTheTimersSlack() throws Exception {
        assertEquals("50000", onThread(() -> slack()), "the default");
        assertEquals("1", onThread(() -> {
            assertTrue(WakeUps.inTime());
            return slack();
        }));
    }

    private static String slack() throws Exception {
        return Files.readString(Path.of("/proc/" + self() + "/timerslack_ns")).strip();
    }
}
