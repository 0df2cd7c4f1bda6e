package io.ringtap.daemon.endtoend;

import static io.ringtap.daemon.endtoend.FaultScene.stop;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.ringtap.testnet.VethPair;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A worker that spills is blocked, killed, stopped, or has no room: by the numbers in the frames, which of them it handled, and in
 * what order. Frames have 1,000 bytes, and come as fast as the disk takes them.
 */
@Tag("live")
class SpillFaultTest {
    private static final int KILLS = 20;
    private static final int SLICE = 200;

    /** Of the chunks of 1 MiB before the disk, which take 8 MiB, so much at most is in use before more is sent. */
    private static final long MOST_IN_MEMORY = 2_500_000;

    @TempDir
    private Path folder;

    private FaultScene scene;
    private Path numbers;
    private Path go;

    @BeforeEach
    void open() {
        scene = FaultScene.open(folder);
        numbers = folder.resolve("numbers");
        go = folder.resolve("go");
    }

    @AfterEach
    void close() {
        scene.close();
    }

    private String spilling(String limit, String more, int free) {
        return """
                [[worker]]
                name = "slow"
                delivery = "detach"
                queue = "16 MiB"
                spill = "%s"
                spill-folder = "%s"
                %s
                [[worker.handler]]
                type = "%s"
                file = "%s"
                until = "%s"
                free = %d
                """.formatted(limit, spillFolder(), more, NumberKeeper.class.getName(), numbers, go, free);
    }

    private Path spillFolder() {
        return folder.resolve("spills");
    }

    private JsonObject slow() {
        for (JsonElement worker : scene.stats().getAsJsonArray("workers")) {
            if (worker.getAsJsonObject().get("name").getAsString().equals("slow")) {
                return worker.getAsJsonObject();
            }
        }
        throw new AssertionError("no such worker");
    }

    private long slow(String count) {
        return slow().get(count).getAsLong();
    }

    private List<Path> segments() throws IOException {
        try (Stream<Path> files = Files.walk(spillFolder())) {
            return files.filter(file -> file.toString().endsWith(".spill"))
                    .sorted()
                    .toList();
        }
    }

    /** Bytes that are spilled, and in no segment. */
    private long inMemory() {
        try {
            long bytes = slow("spill_bytes");
            for (Path segment : segments()) {
                bytes -= Files.size(segment) - 64;
            }
            return bytes;
        } catch (IOException e) { // one was removed meanwhile
            return Long.MAX_VALUE;
        }
    }

    private void send(int frames) {
        for (int sent = 0; sent < frames; sent += SLICE) {
            long before = slow("published");
            scene.far.sendUdp(SLICE, 1_000, 0);
            VethPair.await(() -> slow("published") == before + SLICE && inMemory() < MOST_IN_MEMORY);
        }
    }

    private static List<Long> upTo(long frames) {
        return LongStream.range(0, frames).boxed().toList();
    }

    @Test
    void shouldLoseNothingOfAHandlerThatBlocksForLongerThanItsQueueLasts() throws Exception {
        try (RingtapProcess ringtap = scene.run("", spilling("1 GiB", "", 0))) {
            send(40_000);
            assertTrue(slow("spill_frames") > 30_000, slow().toString());
            assertEquals(slow("lag"), 40_000);
            Files.createFile(go);
            Books books = stop(ringtap, 0);
            assertEquals(40_000, books.delivered("w"));
            assertEquals(40_000, books.delivered("slow"));
            assertEquals(0, books.lost());
            FaultTable.add("spill: handler blocks", 40_000, books, "slow", "0");
        }
        assertEquals(upTo(40_000), NumberKeeper.read(numbers));
        assertEquals(List.of(), segments());
    }

    @Test
    void shouldShedToTheFrameBeyondTheLimit() throws Exception {
        int inQueue = (8 << 20) / 1_000;
        int inSpill = (16 << 20) / 1_024;
        try (RingtapProcess ringtap = scene.run("", spilling("16 MiB", "", 0))) {
            send(30_000);
            assertEquals(30_000 - inQueue - inSpill, slow("spill_shed_full"));
            assertEquals(inSpill, slow("spill_frames"));
            Files.createFile(go);
            Books books = stop(ringtap, 0);
            assertEquals(30_000, books.delivered("w"));
            assertEquals(inQueue + inSpill, books.delivered("slow"));
            assertEquals(30_000 - inQueue - inSpill, books.shed("slow"));
            assertEquals(books.shed("slow"), books.lost());
            FaultTable.add(
                    "spill: limit reached",
                    30_000,
                    books,
                    "slow",
                    "%,d shed, found its spill full".formatted(books.shed("slow")));
        }
        assertEquals(upTo(inQueue + inSpill), NumberKeeper.read(numbers));
    }

    /** In a mount namespace of its own, as RecordTest does it. */
    @Test
    void shouldShedWhileTheDiskIsFullAndSpillAgainWhenThereIsRoom() throws Exception {
        Files.createDirectories(spillFolder());
        String mount = "mount -t tmpfs -o size=8m tmpfs '" + spillFolder() + "' && exec \"$@\"";
        List<String> inTmpfs = List.of("unshare", "--mount", "sh", "-c", mount, "sh");
        Path config = scene.config("", spilling("1 GiB", "", 0));
        try (RingtapProcess ringtap = RingtapProcess.startAs(
                        inTmpfs, Installation.here(), "run", "--config", config.toString())
                .awaitReady()) {
            scene.far.sendUdp(40_000, 1_000, 0);
            ringtap.awaitErrorLine(
                    "No space left on device: frames that its queue does not hold are shed until it can");
            VethPair.await(() -> slow("spill_shed_failed") > 0);
            assertEquals("No space left on device", slow().get("spill_fault").getAsString());
            assertEquals(40_000, slow("lag") + slow("shed"));
            Files.createFile(go);
            VethPair.await(() -> slow("spill_bytes") == 0 && slow("lag") == 0);
            long shed = slow("shed");
            Files.delete(go);
            scene.far.sendUdp(10_000, 1_000, 0); // more than the queue holds
            VethPair.await(() -> slow("published") == 50_000 && slow("spill_frames") > 0);
            Files.createFile(go);
            Books books = stop(ringtap, 0);
            assertEquals(shed, books.shed("slow"), "there is room again");
            assertEquals(50_000, books.delivered("slow") + shed);
            assertEquals(50_000, books.delivered("w"));
            FaultTable.add(
                    "spill: disk full, and room again",
                    50_000,
                    books,
                    "slow",
                    "%,d shed while the disk refused".formatted(shed));
        }
        List<Long> kept = NumberKeeper.read(numbers);
        assertEquals(List.copyOf(new TreeSet<>(kept)), kept, "in order, each once");
        assertEquals(
                LongStream.range(40_000, 50_000).boxed().toList(), kept.subList(kept.size() - 10_000, kept.size()));
    }

    /**
     * Killed again and again: what was in the queue, or on its way to the disk, when the spill began may be missing; of what is in
     * segments, nothing.
     */
    @Test
    @Timeout(value = 15, unit = TimeUnit.MINUTES) // twenty starts and kills: minutes on a busy machine
    void shouldHandleEachFrameInASegmentOnceOrTwiceHoweverOftenItIsKilled() throws Exception {
        String spill = spilling("1 GiB", "spill-resume = true", 200);
        long sent = 0;
        long handled = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            try (RingtapProcess ringtap = scene.run("", spill)) {
                int frames = kill == 0 ? 30_000 : 400; // more than the queue holds of what is left
                send(frames);
                sent += frames;
                awaitOnDisk(kill == 0);
                if (kill > 0) {
                    handled = awaitMark(handled + 120);
                }
                ringtap.signal("KILL");
                ringtap.exitCode();
            }
        }
        Files.createFile(go);
        try (RingtapProcess ringtap = scene.run("", spill)) {
            assertTrue(slow("spill_resumed") > 0, slow().toString());
            Books books = stop(ringtap, 0);
            assertEquals(0, books.shed("slow"));
            List<Long> all = NumberKeeper.read(numbers);
            Set<Long> missing = new HashSet<>(upTo(sent));
            missing.removeAll(new HashSet<>(all));
            // a queue of 8 MiB, and a chunk of 1 MiB that was on its way there past the disk
            assertTrue(missing.stream().allMatch(number -> number < 200 + 9_500), () -> "missing: " + missing.size());
            for (long number : new TreeSet<>(all)) {
                assertTrue(Collections.frequency(all, number) <= 2, () -> number + " was handled more than twice");
            }
            FaultTable.add(
                    "spill: killed " + KILLS + " times",
                    sent,
                    sent - missing.size(),
                    books.unaccounted(),
                    "%,d in the queue at the first kill".formatted(missing.size()));
        }
    }

    /** Of the first frames, a chunk may be with the reader, who waits for room in the queue. */
    private void awaitOnDisk(boolean first) {
        VethPair.await(() -> inMemory() <= (first ? 1 << 20 : 0));
    }

    /** Waits until so many records of the first segment are noted as handled; how many are. */
    private long awaitMark(long records) {
        VethPair.await(() -> marked() >= records);
        return marked();
    }

    private long marked() {
        try (FileChannel first = FileChannel.open(segments().getFirst())) {
            ByteBuffer pair = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
            first.read(pair, 32);
            return pair.getLong(8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void shouldKeepWhatIsSpilledOverAReloadAndAStop() throws Exception {
        String spill = spilling("1 GiB", "spill-resume = true", 0) + "[daemon]\nstop-timeout = \"1 s\"\n";
        try (RingtapProcess ringtap = scene.run("", spill.replace("spill-resume = true", ""))) {
            send(20_000);
            scene.config("", spill); // restarts the capture; the former worker has no spill-resume
            ringtap.signal("HUP");
            VethPair.await(() -> slow().get("spill_kept").getAsLong() == 19_999);
            VethPair.await(() -> slow("spill_resumed") == 19_999 && slow("failed") == 1);
            send(1_000);
            Books books = stop(ringtap, 0);
            assertEquals(2, books.failed("slow"), "interrupted at each end");
            assertEquals(0, books.inFlight());
            assertTrue(
                    books.lines().stream().anyMatch(line -> line.contains(" resumed=19999 kept=40997")),
                    books::toString);
        }
        Files.createFile(go);
        try (RingtapProcess ringtap = scene.run("", spill.replace("1 s", "2 min"))) {
            Books books = stop(ringtap, 0);
            assertEquals(20_998, books.delivered("slow"));
            assertEquals(0, books.lost());
            FaultTable.add("spill: reload, and a stop", 21_000, 20_998, books.unaccounted(), "0 (2 failed)");
        }
        assertEquals(LongStream.range(2, 21_000).boxed().toList(), NumberKeeper.read(numbers));
        assertEquals(List.of(), segments());
    }
}
