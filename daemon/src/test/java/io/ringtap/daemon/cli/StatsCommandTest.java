package io.ringtap.daemon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.ringtap.daemon.control.ControlServer;
import io.ringtap.daemon.control.StatsJson;
import io.ringtap.daemon.control.StatsLook;
import io.ringtap.ledger.CaptureCounts;
import io.ringtap.ledger.CaptureState;
import io.ringtap.ledger.GapCounts;
import io.ringtap.ledger.Ledger;
import io.ringtap.testnet.VethPair;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatsCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final AtomicInteger looks = new AtomicInteger();

    @TempDir
    private Path folder;

    private Path socket;
    private volatile ControlServer server;
    private volatile int lastLook = Integer.MAX_VALUE;

    /** A daemon that takes in 1,000 frames a second, and whose clock goes a second on with every look. */
    @BeforeEach
    void open() throws Exception {
        socket = folder.resolve("c.sock");
        server = ControlServer.open(socket, Map.of("stats", request -> {
            int look = looks.incrementAndGet();
            if (look == lastLook) {
                server.close(); // sends this answer, and its socket is gone by then
            }
            return stats(look);
        }));
    }

    private static JsonObject stats(int look) {
        CaptureCounts capture = new CaptureCounts(
                "uplink",
                "ens192",
                CaptureState.RUNNING,
                1000L * look,
                0,
                0,
                OptionalLong.empty(),
                1000L * look,
                0,
                0,
                0,
                4096,
                0,
                OptionalDouble.empty(),
                GapCounts.NONE);
        JsonObject json = StatsJson.write(new StatsLook(
                new Ledger(List.of(capture), List.of(), List.of(), List.of(), false),
                Instant.EPOCH,
                Duration.ofSeconds(look)));
        json.addProperty("later", "field");
        return json;
    }

    @AfterEach
    void close() {
        server.close();
    }

    private int run(String... arguments) {
        return run(out, arguments);
    }

    private int run(Writer to, String... arguments) {
        List<String> all = new ArrayList<>(List.of("stats"));
        all.addAll(List.of(arguments));
        return RingtapCommand.commandLine(new StopSignal())
                .setOut(new PrintWriter(to))
                .setErr(new PrintWriter(err, true))
                .execute(all.toArray(String[]::new));
    }

    @Test
    void shouldPrintTheDaemonsObjectOnALine() {
        assertEquals(0, run("--json", "--socket", socket.toString()));
        assertEquals(stats(1) + "\n", out.toString());
        assertEquals("", err.toString());
    }

    @Test
    void shouldPrintATableForPeople() {
        assertEquals(0, run("--socket", socket.toString()));
        assertTrue(out.toString().startsWith("up 1 s, rates on average since the start\n\nstage "), out.toString());
        assertTrue(out.toString().endsWith("\n\nlost 0\n"), out.toString());
    }

    @Test
    void shouldPrintALookAfterTheOtherUntilItIsInterrupted() throws Exception {
        AtomicInteger code = new AtomicInteger(-1);
        Thread watch = Thread.ofPlatform()
                .start(() -> code.set(run("--watch", "--interval", "0.1", "--socket", socket.toString())));
        VethPair.await(() -> looks.get() >= 3);
        watch.interrupt();
        watch.join();
        assertEquals(0, code.get());
        assertEquals("", err.toString());
        String[] blocks = out.toString().split("(?<=lost 0)\n\n", -1);
        assertTrue(blocks[0].startsWith("up 1 s, rates on average since the start\n"), blocks[0]);
        assertTrue(blocks[1].startsWith("up 2 s, rates over the last 1.00 s\n"), blocks[1]);
        assertTrue(blocks[1].contains(" 2,000  2,000     0  1,000  "), blocks[1]);
    }

    /** However slow the machine is, a look comes no earlier; that it comes no later than it can, LookTimesTest has. */
    @Test
    void shouldKeepTheInterval() throws Exception {
        run("--json", "--socket", socket.toString()); // a first one takes long by itself
        long start = System.nanoTime();
        Thread watch = Thread.ofPlatform()
                .start(() -> run("--watch", "--json", "--interval", "0.1", "--socket", socket.toString()));
        VethPair.await(() -> looks.get() >= 5);
        long millis = (System.nanoTime() - start) / 1_000_000;
        watch.interrupt();
        watch.join();
        assertTrue(millis >= 300, millis + " ms for three intervals");
        assertEquals(
                stats(1) + "\n" + stats(2) + "\n",
                out.toString().lines().limit(2).reduce("", (a, b) -> a + b + "\n"));
    }

    @Test
    void shouldEndQuietlyWhenNobodyReads() {
        Writer closedPipe = new Writer() {
            @Override
            public void write(char[] text, int from, int length) throws IOException {
                throw new IOException("Broken pipe");
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        assertEquals(0, run(closedPipe, "--watch", "--socket", socket.toString()));
        assertEquals(1, looks.get());
        assertEquals("", err.toString());
    }

    @Test
    void shouldSayInALineThatThereIsNoDaemon() {
        assertEquals(4, run("--socket", folder.resolve("other.sock").toString()));
        assertEquals(
                "ringtap: no daemon at " + folder.resolve("other.sock")
                        + ": there is no such socket: start one (systemctl start ringtap), or name its socket with"
                        + " --socket\n",
                err.toString());
        assertEquals("", out.toString());
    }

    @Test
    void shouldEndWithFourWhenTheDaemonEndsUnderTheWatch() {
        lastLook = 2;
        assertEquals(4, run("--watch", "--interval", "0.1", "--socket", socket.toString()));
        assertEquals(2, looks.get());
    }

    @Test
    void shouldRefuseAnIntervalThatMakesNoSense() {
        for (String interval : List.of("0", "-1", "0.09", "NaN", "86401", "x", "")) {
            assertEquals(2, run("--watch", "--interval", interval, "--socket", socket.toString()), interval);
        }
        assertEquals(0, looks.get());
    }

    @Test
    void shouldEndWithZeroOnASignalAndWhenAPipeIsClosed() throws Exception {
        Process watch = StatsProcess.start("--watch", "--json", "--interval", "0.1", "--socket", socket.toString());
        VethPair.await(() -> looks.get() >= 2);
        watch.toHandle().destroy();
        assertEndedQuietly(watch);

        int before = looks.get();
        Process piped = StatsProcess.start("--watch", "--interval", "0.1", "--socket", socket.toString());
        VethPair.await(() -> looks.get() > before);
        piped.getInputStream().close();
        assertEndedQuietly(piped);
    }

    private static void assertEndedQuietly(Process process) throws IOException {
        try {
            VethPair.await(() -> !process.isAlive());
            assertEquals(0, process.exitValue());
            assertEquals("", new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8));
        } finally {
            process.destroyForcibly();
        }
    }
}
