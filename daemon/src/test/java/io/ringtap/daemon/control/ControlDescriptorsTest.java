package io.ringtap.daemon.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.ringtap.testnet.VethPair;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Descriptors and processor time, which no client may use up. */
class ControlDescriptorsTest extends ControlServerFixture {
    @Test
    void shouldOutliveAThousandConnectionsAndLeakNoDescriptor() throws Exception {
        Path socket = open(ControlLimits.STANDARD);
        assertTrue(answers(socket));
        long before = descriptors();
        for (int i = 0; i < 1000; i++) {
            new RawClient(socket).close();
        }
        VethPair.await(() -> answers(socket) && descriptors() <= before);
    }

    @Test
    void shouldSleepWhileClientsHangAndAfterTheyWent() throws Exception {
        Path socket = open(ControlLimits.STANDARD);
        try (RawClient silent = new RawClient(socket);
                RawClient half = new RawClient(socket);
                RawClient blocked = new RawClient(socket);
                RawClient ended = new RawClient(socket)) {
            silent.send("");
            half.send("{\"version\":1,");
            blocked.send("{\"version\":1,\"call\":\"big\"}\n".repeat(5));
            blocked.endOutput();
            ended.send("{\"version\":1,\"call\":\"big\"}\n").endOutput();
            assertTrue(answers(socket));
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            long before = threads.getThreadCpuTime(control().threadId());
            Thread.sleep(1000);
            long millis = (threads.getThreadCpuTime(control().threadId()) - before) / 1_000_000;
            assertTrue(millis < 50, millis + " ms of processor in a second");
        }
    }

    @Test
    void shouldWaitAndRecoverWhenDescriptorsRunOut() throws Exception {
        Path socket = folder.resolve("p.sock");
        Process process = ControlServerProcess.start(socket, 100);
        List<RawClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < 60; i++) {
                clients.add(new RawClient(socket));
            }
            Duration before = process.info().totalCpuDuration().orElseThrow();
            Thread.sleep(2000);
            long millis = process.info()
                    .totalCpuDuration()
                    .orElseThrow()
                    .minus(before)
                    .toMillis();
            assertTrue(millis < 200, millis + " ms of processor in two seconds");
            assertEquals(100, descriptorsOf(process)); // or nothing was tested
            for (RawClient client : clients) {
                client.close();
            }
            VethPair.await(() -> answers(socket));
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private static long descriptors() {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            return all.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long descriptorsOf(Process process) throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc/" + process.pid() + "/fd"))) {
            return all.count();
        }
    }
}
