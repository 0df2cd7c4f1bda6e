package io.ringtap.daemon.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.testnet.FarSender;
import io.ringtap.testnet.SenderFixture;
import io.ringtap.testnet.VethPair;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("live")
class RunTest extends SenderFixture {
    /** What a capture on a silent link waits for at a time. */
    private static final long WAIT_NANOS = 100_000_000;

    @TempDir
    private Path folder;

    private RingtapProcess run(String... settings) {
        return runOn(VethPair.NEAR, "control.sock", settings);
    }

    private RingtapProcess runOn(String interfaceName, String socket, String... settings) {
        String[] arguments = new String[settings.length + 4];
        arguments[0] = "run";
        arguments[1] = "-i" + interfaceName;
        arguments[2] = "--set";
        arguments[3] = "control.socket=" + folder.resolve(socket);
        System.arraycopy(settings, 0, arguments, 4, settings.length);
        return RingtapProcess.start(arguments);
    }

    private RingtapProcess runFile(String... lines) throws Exception {
        Path file = Files.writeString(folder.resolve("ringtap.toml"), String.join("\n", lines) + "\n");
        return RingtapProcess.start("run", "--config", file.toString());
    }

    private String control() {
        return "[control]\nsocket = \"" + folder.resolve("control.sock") + "\"";
    }

    @ParameterizedTest
    @CsvSource({"TERM, throughput, ffm", "INT, low-latency, ffm", "TERM, throughput, pcap4j"})
    void shouldPrintALedgerThatBalancesWhenToldToStop(String signal, String mode, String engine) {
        try (RingtapProcess ringtap = run("--set", "capture.mode=" + mode, "--set", "capture.engine=" + engine)) {
            ringtap.awaitReady();
            far.sendUdp(5_000, 200, 50_000);
            ringtap.signal(signal);
            assertEquals(0, ringtap.exitCode(), ringtap.toString());
            assertEquals(
                    List.of(
                            "capture=rt0 interface=rt0 received=5000 kernel_dropped=0 published=5000",
                            "worker=default capture=rt0 delivered=5000 failed=0 shed=0",
                            "ledger lost=0 unaccounted=0"),
                    ringtap.ledger());
            assertEquals("ringtap ready: rt0 on rt0", ringtap.out().getFirst());
            assertEquals(4, ringtap.out().size());
        }
    }

    @ParameterizedTest
    @CsvSource({"throughput", "low-latency"})
    void shouldStopOnASilentLink(String mode) {
        try (RingtapProcess ringtap = run("--set", "capture.mode=" + mode)) {
            ringtap.awaitReady();
            ringtap.signal("TERM");
            assertEquals(0, ringtap.exitCode());
            assertEquals("ledger lost=0 unaccounted=0", ringtap.ledger().getLast());
        }
    }

    @Test
    void shouldStopAsUsualWhenToldSoWhileItStarts() {
        try (RingtapProcess ringtap = run()) {
            ringtap.awaitErrorLine("kernel ring"); // the capture is open, ready is yet to come
            ringtap.signal("TERM");
            assertEquals(0, ringtap.exitCode(), ringtap.toString());
            assertEquals("ledger lost=0 unaccounted=0", ringtap.out().getLast());
            List<String> told = ringtap.err().stream()
                    .filter(line -> !line.contains(" doctor: ")) // of this machine
                    .toList();
            assertEquals(2, told.size(), ringtap.toString()); // what was granted, and how long it lasts
            assertTrue(told.stream().allMatch(line -> line.contains(" INFO ")), ringtap.toString());
        }
    }

    @Test
    void shouldBeIdleAndSmallWhileNothingArrives() {
        // Takes some seconds: looks at two seconds of idleness, twice.
        VethPair.run("ip", "link", "add", "rt2", "type", "veth", "peer", "name", "rt3");
        VethPair.run("ip", "link", "set", "rt2", "up");
        try (RingtapProcess throughput = run();
                RingtapProcess lowLatency = runOn("rt2", "other.sock", "--set", "capture.mode=low-latency")) {
            throughput.awaitReady();
            lowLatency.awaitReady();
            for (RingtapProcess each : List.of(throughput, lowLatency)) {
                String thread = each == throughput ? "capture-rt0-0" : "capture-rt2-0";
                each.awaitAsleep(thread);
                long start = System.nanoTime();
                long waits = each.waits(thread);
                RingtapProcess.sleep(2_000);
                waits = each.waits(thread) - waits;
                long most = (System.nanoTime() - start) / WAIT_NANOS + 2;
                assertTrue(waits > 0 && waits <= most, waits + " waits of 100 ms, and there was time for " + most);
            }
            long ringKib = 64 << 10;
            assertTrue(throughput.residentKib() < ringKib + (120 << 10), throughput.residentKib() + " KiB");
            assertTrue(lowLatency.residentKib() < ringKib + (120 << 10), lowLatency.residentKib() + " KiB");
        }
    }

    @Test
    void shouldInjectWithoutCapturing() throws Exception {
        try (FarFrames arriving = FarFrames.open(folder);
                RingtapProcess ringtap = runFile(
                        "[[inject]]",
                        "name = \"beacon\"",
                        "interface = \"rt0\"",
                        "rate = \"1 kpps\"",
                        "count = 100",
                        "[inject.frame]",
                        "destination = \"ff:ff:ff:ff:ff:ff\"",
                        "ethertype = 0x88b5",
                        control())) {
            ringtap.awaitReady();
            assertEquals("ringtap ready: beacon to rt0", ringtap.out().getFirst());
            assertEquals(100, arriving.decoded(100).size());
            ringtap.signal("TERM");
            assertEquals(0, ringtap.exitCode(), ringtap.toString());
            assertEquals(List.of("inject=beacon sent=100 failed=0", "ledger lost=0 unaccounted=0"), ringtap.ledger());
        }
    }

    @Test
    void shouldCountFramesThatAHandlerThrowsOnAndGoOn() throws Exception {
        try (RingtapProcess ringtap = runFile(
                "[[capture]]",
                "interface = \"rt0\"",
                "[[worker]]",
                "name = \"w\"",
                "[[worker.handler]]",
                "type = \"" + ThrowingHandler.class.getName() + "\"",
                control())) {
            ringtap.awaitReady();
            far.sendUdp(300, 100, 0);
            far.sendUdp(200, 101, 0);
            ringtap.signal("TERM");
            assertEquals(0, ringtap.exitCode());
            assertTrue(ringtap.ledger().contains("worker=w capture=rt0 delivered=200 failed=300 shed=0"));
            assertEquals("ledger lost=0 unaccounted=0", ringtap.ledger().getLast());
            assertEquals(
                    1,
                    ringtap.err().stream()
                            .filter(l -> l.contains("only counted"))
                            .count(),
                    "logged once");
            assertEquals(
                    1,
                    ringtap.err().stream()
                            .filter(l -> l.contains("300 times in all"))
                            .count());
        }
    }

    @Test
    void shouldDrainAWorkerThatIsBusyWhenToldToStop() throws Exception {
        try (RingtapProcess ringtap = runFile(
                "[[capture]]",
                "interface = \"rt0\"",
                "[[worker]]",
                "name = \"slow\"",
                "[[worker.handler]]",
                "type = \"" + SleepingHandler.class.getName() + "\"",
                "sleep = \"1 ms\"",
                "[daemon]",
                "stop-timeout = \"2 min\"",
                control())) {
            ringtap.awaitReady();
            far.sendUdp(1_000, 100, 0);
            ringtap.awaitErrorLine(SleepingHandler.SAID);
            ringtap.signal("TERM");
            assertEquals(0, ringtap.exitCode());
            assertTrue(ringtap.ledger().contains("worker=slow capture=rt0 delivered=1000 failed=0 shed=0"));
        }
    }

    /** The stuck handler is called on the capture thread, which reads no second frame while it handles one. */
    @Test
    void shouldLeaveAWorkerBehindThatNeverEndsAndDrainTheOthers() throws Exception {
        // Takes some seconds: the 2.5 seconds that a stop may take here, and half of one more.
        VethPair.run("ip", "link", "add", "rt2", "type", "veth", "peer", "name", "rt3");
        VethPair.run("ip", "link", "set", "rt2", "up");
        VethPair.run("ip", "link", "set", "rt3", "up");
        try (FarSender other = new FarSender("rt3");
                RingtapProcess ringtap = runFile(
                        "[[capture]]",
                        "interface = \"rt0\"",
                        "[[capture]]",
                        "interface = \"rt2\"",
                        "[[worker]]",
                        "name = \"stuck\"",
                        "captures = [\"rt0\"]",
                        "[[worker.handler]]",
                        "type = \"" + SleepingHandler.class.getName() + "\"",
                        "[[worker]]",
                        "name = \"quick\"",
                        "captures = [\"rt2\"]",
                        "[[worker.handler]]",
                        "type = \"count\"",
                        "[daemon]",
                        "stop-timeout = \"2.5 s\"",
                        control())) {
            ringtap.awaitReady();
            far.sendUdp(1, 100, 0);
            other.sendUdp(60, 100, 0);
            ringtap.awaitErrorLine(SleepingHandler.SAID);
            far.sendUdp(49, 100, 0); // none can be published any more
            ringtap.signal("TERM");
            assertEquals(1, ringtap.exitCode(), "not everything was handled");
            assertEquals(
                    Set.of(
                            "capture=rt0 interface=rt0 received=50 kernel_dropped=0 published=1",
                            "capture=rt2 interface=rt2 received=60 kernel_dropped=0 published=60",
                            "worker=stuck capture=rt0 delivered=0 failed=0 shed=0",
                            "worker=quick capture=rt2 delivered=60 failed=0 shed=0",
                            "ledger lost=0 unaccounted=0 in_flight=50"),
                    Set.copyOf(ringtap.ledger()));
            String told =
                    "capture rt0: not everything was handled within 2.5 s (daemon.stop-timeout): left 1 frames before"
                            + " worker stuck, 49 frames in the kernel ring";
            assertEquals(1, ringtap.err().stream().filter(l -> l.endsWith(told)).count(), ringtap.toString());
        }
    }
}
