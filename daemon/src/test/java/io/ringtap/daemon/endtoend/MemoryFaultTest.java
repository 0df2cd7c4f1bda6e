package io.ringtap.daemon.endtoend;

import static io.ringtap.daemon.endtoend.FaultScene.stop;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.daemon.control.ControlClient;
import io.ringtap.daemon.control.ControlException;
import io.ringtap.testnet.FarSender;
import io.ringtap.testnet.VethPair;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** There is no memory for a ring: at the start, at a reload, or when an interface is back. */
@Tag("live")
class MemoryFaultTest {
    private static final String QUEUE = """
            [[worker]]
            name = "apart"
            delivery = "detach"
            queue = "256 MiB"
            [[worker.handler]]
            type = "count"
            """;

    private static final Path RING_MEMORY = Path.of("src", "test", "c", "ringmemory.c");

    /** What a process with a limit may still take for other things than rings. */
    private static final long ROOM_KIB = 192 << 10;

    @TempDir
    private Path folder;

    private FaultScene scene;

    @BeforeEach
    void open() {
        scene = FaultScene.open(folder);
    }

    @AfterEach
    void close() {
        scene.close();
    }

    /** Where the kernel has memory for packet rings of so many bytes each. */
    private RingtapProcess runWithRingMemory(long bytes) throws Exception {
        Path library = folder.resolve("ringmemory.so");
        VethPair.run(
                "gcc", "-shared", "-fPIC", "-O2", "-Wall", "-o", library.toString(), RING_MEMORY.toString(), "-ldl");
        List<String> becoming = List.of("env", "LD_PRELOAD=" + library, "RING_MEMORY=" + bytes);
        String config = scene.config("buffer = \"64 MiB\"", "").toString();
        return RingtapProcess.startAs(becoming, Installation.here(), "run", "--config", config);
    }

    /** The line that tells what is wrong; there is no other but for what it says as it starts. */
    private static String onlyError(RingtapProcess ringtap, int exitCode) {
        assertEquals(exitCode, ringtap.exitCode(), ringtap.toString());
        assertEquals(List.of(), ringtap.out());
        List<String> errors =
                ringtap.err().stream().filter(line -> !line.contains(" INFO ")).toList();
        assertEquals(1, errors.size(), ringtap.toString());
        return errors.getFirst();
    }

    @Test
    void shouldTakeTheKernelRingThatThereIsMemoryForAndSaySo() throws Exception {
        try (RingtapProcess ringtap = runWithRingMemory(8 << 20).awaitReady()) {
            String granted = ringtap.err().stream()
                    .filter(line -> line.contains("the kernel had no more memory for it"))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError(ringtap));
            double mebibytes = Double.parseDouble(
                    granted.replaceFirst(".*kernel ring ([0-9.]+) MiB of the 64.0 MiB asked for .*", "$1"));
            assertTrue(mebibytes > 7 && mebibytes <= 8, granted);
            scene.far.sendUdp(5_000, 200, 50_000);
            scene.awaitDelivered(5_000);
            Books books = stop(ringtap, 0);
            assertEquals(5_000, books.received());
            FaultTable.add("less memory for a kernel ring", 5_000, books, "w", "0");
        }
    }

    @Test
    void shouldSayInALineThatThereIsNoMemoryForAKernelRing() throws Exception {
        try (RingtapProcess ringtap = runWithRingMemory(0)) {
            String error = onlyError(ringtap, 1);
            assertTrue(error.startsWith("ringtap: capture rt0: cannot open rt0: "), error);
            assertTrue(error.contains("Cannot allocate memory"), error);
            assertTrue(error.endsWith("; free some memory, or ask for less by buffer and threads of captures"), error);
        }
    }

    @Test
    void shouldSayInALineThatTheHeapIsTooSmallForAQueue() throws Exception {
        String queues = QUEUE + QUEUE.replace("apart", "farther") + QUEUE.replace("apart", "farthest"); // 10 MB each
        String config = scene.config("", queues).toString();
        Installation small = Installation.here().with("-Xmx32m");
        try (RingtapProcess ringtap = RingtapProcess.startAs(List.of(), small, "run", "--config", config)) {
            String error = onlyError(ringtap, 1);
            assertTrue(error.startsWith("ringtap: worker "), error);
            assertTrue(
                    error.contains(
                            " on capture rt0: no memory for its queue of 268435456 bytes and its handlers (Java heap"
                                    + " space): make its queue smaller"),
                    error);
        }
    }

    @Test
    void shouldRefuseAReloadThatThereIsNoMemoryForAndGoOn() throws Exception {
        try (RingtapProcess ringtap = scene.run("", "")) {
            scene.far.sendUdp(1_000, 100, 0);
            scene.awaitDelivered(1_000);
            assertEquals("nothing has changed", reload(), "whatever is loaded at first has been");
            limitMemory(ringtap, ringtap.virtualKib() + ROOM_KIB);
            assertRefused("buffer = \"256 MiB\"", "", "capture rt0: cannot open rt0: ", "Cannot allocate memory");
            assertRefused("", QUEUE, "worker apart on capture rt0: no memory for its queue of 268435456 bytes");
            scene.far.sendUdp(2_000, 100, 0);
            scene.awaitDelivered(3_000);
            limitMemory(ringtap, Long.MAX_VALUE >> 10);
            assertEquals("capture rt0 is restarted", reload());
            Books books = stop(ringtap, 0);
            assertEquals(3_000, books.received());
            FaultTable.add("no memory for what a reload wants", 3_000, books, "w", "0");
        }
    }

    private void assertRefused(String capture, String more, String... parts) throws Exception {
        scene.config(capture, more);
        String refused = assertThrows(ControlException.class, this::reload).getMessage();
        for (String part : parts) {
            assertTrue(refused.contains(part), refused);
        }
    }

    private String reload() throws ControlException {
        return new ControlClient(scene.socket(), Duration.ofMinutes(2))
                .call("reload")
                .getAsJsonObject()
                .get("text")
                .getAsString();
    }

    /** The addresses that it may take in all. */
    private static void limitMemory(RingtapProcess ringtap, long kib) {
        VethPair.run("prlimit", "--pid", "" + ringtap.pid(), "--as=" + (kib << 10) + ":");
    }

    @Test
    void shouldWaitForMemoryWhenTheInterfaceIsBack() throws Exception {
        try (RingtapProcess ringtap = scene.run("buffer = \"256 MiB\"", "")) {
            scene.far.sendUdp(1_000, 100, 0);
            scene.awaitDelivered(1_000);
            long withRing = ringtap.virtualKib();
            scene.pair.remove();
            scene.awaitState("waiting");
            VethPair.await(() -> ringtap.virtualKib() < withRing - (200 << 10)); // the ring has been given back
            limitMemory(ringtap, ringtap.virtualKib() + ROOM_KIB);
            scene.pair.create();
            ringtap.awaitErrorLine("capture rt0 on rt0: waits, and tries again: capture rt0: cannot open rt0");
            limitMemory(ringtap, Long.MAX_VALUE >> 10);
            scene.awaitState("running");
            try (FarSender again = new FarSender()) {
                again.sendUdp(2_000, 100, 0);
            }
            scene.awaitDelivered(3_000);
            Books books = stop(ringtap, 0);
            assertEquals(3_000, books.received());
            assertEquals(1, books.gaps());
            FaultTable.add("interface back, no memory at first", 3_000, books, "w", "0 (a gap in the ledger)");
        }
    }
}
