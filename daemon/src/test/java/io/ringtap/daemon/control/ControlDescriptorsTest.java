package io.ringtap.daemon.control;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import io.ringtap.testnet.VethPair;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Descriptors and the thread's turns, which no client may use up. */
class ControlDescriptorsTest extends ControlServerFixture {
    private static final ControlLimits NEVER = new ControlLimits(
            32,
            1_000,
            2_000_000,
            Duration.ofDays(1),
            Duration.ofDays(1),
            Duration.ofDays(1),
            Duration.ofDays(1),
            Duration.ofDays(1));

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

    /** Its thread turns for what clients do, so often each, and for nothing else: it would turn all the time otherwise. */
    @Test
    void shouldSleepWhileClientsHangAndAfterTheyWent() throws Exception {
        Path socket = open(NEVER);
        try (RawClient silent = new RawClient(socket);
                RawClient half = new RawClient(socket);
                RawClient blocked = new RawClient(socket);
                RawClient ended = new RawClient(socket)) {
            silent.send("");
            half.send("{\"version\":1,");
            blocked.send("{\"version\":1,\"call\":\"big\"}\n".repeat(5));
            blocked.endOutput();
            ended.send("{\"version\":1,\"call\":\"big\"}\n").endOutput();
            assertTurnsForPingsOnly(socket);
        }
        assertTurnsForPingsOnly(socket);
    }

    private void assertTurnsForPingsOnly(Path socket) {
        turn();
        turn();
        long before = server.progress().position();
        for (int i = 0; i < 200; i++) {
            assertTrue(answers(socket));
        }
        long turns = server.progress().position() - before;
        assertTrue(turns <= 3 * 200 + 1, turns + " turns"); // accepts it, answers it, sees its end; and the look at it
    }

    @Test
    void shouldWaitAndRecoverWhenDescriptorsRunOut() throws Exception {
        Path socket = folder.resolve("p.sock");
        Process process = ControlServerProcess.start(socket, 100);
        List<RawClient> clients = new ArrayList<>();
        try {
            RawClient asking = new RawClient(socket);
            clients.add(asking);
            assertTrue(turnsOf(asking) > 0);
            for (int i = 0; i < 60; i++) {
                clients.add(new RawClient(socket));
            }
            awaitDescriptors(process, 100); // or nothing is tested
            long start = System.nanoTime();
            long before = turnsOf(asking);
            for (int i = 0; i < 1000; i++) {
                turnsOf(asking);
            }
            long turns = turnsOf(asking) - before;
            long pauses = 1
                    + (System.nanoTime() - start)
                            / ControlLimits.STANDARD.acceptPause().toNanos();
            // A question, and the look at the turns, is a turn each; the end of a pause and the next try, too.
            assertTrue(turns <= 2 * 1001 + 2 * pauses, turns + " turns, " + pauses + " pauses");
            for (RawClient client : clients) {
                client.close();
            }
            VethPair.await(() -> answers(socket));
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private static long turnsOf(RawClient client) throws IOException {
        String answer = client.ask("{\"version\":1,\"call\":\"turns\"}");
        return JsonParser.parseString(answer).getAsJsonObject().get("result").getAsLong();
    }

    private static void awaitDescriptors(Process process, long number) {
        VethPair.await(() -> descriptors(Long.toString(process.pid())) == number);
    }

    private static long descriptors() {
        return descriptors("self");
    }

    private static long descriptors(String process) {
        try (Stream<Path> all = Files.list(Path.of("/proc", process, "fd"))) {
            return all.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
