package io.ringtap.inject.replay;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.ringtap.capturefile.PcapWriter;
import io.ringtap.capturefile.SampleFiles;
import io.ringtap.capturefile.SampleFrames;
import io.ringtap.inject.replay.Replay.CutFrames;
import io.ringtap.inject.replay.Replay.LongFrames;
import io.ringtap.testnet.VethPair;
import java.lang.management.ManagementFactory;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplayFramesTest {
    private static final long STEP = 1_000;
    private static final int FEW_CHUNKS = 2;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @TempDir
    private Path folder;

    private static Replay replay(Path file, long loops) {
        return new Replay(file, loops, Rewrite.NONE, CutFrames.REFUSE, LongFrames.REFUSE);
    }

    /** A frame that tells its number in the file, of mixed lengths. */
    private static byte[] frame(int number) {
        byte[] frame = new byte[60 + new Random(number).nextInt(1_455)];
        frame[20] = (byte) (number >>> 16);
        frame[21] = (byte) (number >>> 8);
        frame[22] = (byte) number;
        frame[frame.length - 1] = (byte) number;
        return frame;
    }

    private Path file(int frames) throws Exception {
        PcapWriter file = new PcapWriter(ByteOrder.LITTLE_ENDIAN, true);
        for (int i = 0; i < frames; i++) {
            file.frame(SampleFiles.START_NANOS + i * STEP, frame(i));
        }
        return Files.write(folder.resolve("trace.pcap"), file.bytes());
    }

    private static byte[] next(ReplayFrames frames) {
        VethPair.await(() -> frames.hasNext() || !frames.failure().isEmpty());
        assertTrue(frames.hasNext(), frames.failure()); // what was read before a failure still comes
        frames.pass();
        frames.advance();
        byte[] bytes = new byte[frames.length()];
        frames.memory().get(frames.offset(), bytes);
        return bytes;
    }

    @Test
    void shouldGiveEveryFrameOfEveryLoopWithItsTime() throws Exception {
        ReplayFacts facts = ReplayFacts.read(replay(file(3), 0));
        try (ReplayFrames frames = ReplayFrames.open(facts, "test")) {
            for (int i = 0; i < 30; i++) {
                assertTrue(frames.hasNext());
                assertEquals(i * STEP, frames.nextNanos());
                assertArrayEquals(frame(i % 3), next(frames));
            }
        }
    }

    @Test
    void shouldStreamAFileThatDoesNotFitLoopAfterLoop() throws Exception {
        int inFile = 5_000;
        ReplayFacts facts = ReplayFacts.read(replay(file(inFile), 3));
        assertTrue(facts.bytes() > FEW_CHUNKS * ReplayChunk.BYTES, "fits");
        try (ReplayFrames frames = ReplayFrames.open(facts, "test", FEW_CHUNKS)) {
            for (int i = 0; i < 3 * inFile; i++) {
                assertArrayEquals(frame(i % inFile), next(frames), "frame " + i);
            }
            assertFalse(frames.hasNext());
        }
    }

    @Test
    void shouldPassFramesAheadOfThoseThatAreSentWithoutLosingThem() throws Exception {
        int inFile = 5_000;
        ReplayFacts facts = ReplayFacts.read(replay(file(inFile), 1));
        try (ReplayFrames frames = ReplayFrames.open(facts, "test", FEW_CHUNKS)) {
            int passed = 0;
            while (frames.hasNext()) { // as many as the memory holds
                frames.pass();
                passed++;
            }
            assertTrue(passed > 1_000, "frames in memory: " + passed);
            for (int i = 0; i < passed; i++) {
                frames.advance();
                byte[] bytes = new byte[frames.length()];
                frames.memory().get(frames.offset(), bytes);
                assertArrayEquals(frame(i), bytes, "frame " + i);
            }
            for (int i = passed; i < inFile; i++) {
                assertArrayEquals(frame(i), next(frames), "frame " + i);
            }
        }
    }

    @Test
    void shouldTellLengthsOfFramesAheadByTheirNumbersOverAllBeginnings() throws Exception {
        ReplayFacts facts = ReplayFacts.read(replay(file(5_000), 1));
        try (ReplayFrames frames = ReplayFrames.open(facts, "test", FEW_CHUNKS)) {
            assertEquals(100, frames.available(100));
            int there = frames.available(5_000);
            assertTrue(there > 1_000 && there < 5_000, "frames in memory: " + there);
            assertEquals(frame(0).length, frames.length(0));
            assertEquals(frame(999).length, frames.length(999));
            assertEquals(frame(3).length, frames.length(3));
            for (int i = 0; i < 10; i++) {
                next(frames);
            }
            assertEquals(frame(12).length, frames.length(12));
            frames.restart();
            next(frames);
            assertEquals(frame(2).length, frames.length(12), "the 13th in all, the third since the beginning");
        }
    }

    @Test
    void shouldBeginAnewInTheMiddleOfAFileThatDoesNotFit() throws Exception {
        ReplayFacts facts = ReplayFacts.read(replay(file(5_000), 1));
        try (ReplayFrames frames = ReplayFrames.open(facts, "test", FEW_CHUNKS)) {
            for (int round = 0; round < 3; round++) {
                for (int i = 0; i < 3_000; i++) {
                    assertArrayEquals(frame(i), next(frames), "round " + round + " frame " + i);
                }
                frames.restart();
            }
        }
    }

    @Test
    void shouldSayThatAFileHasChangedMeanwhile() throws Exception {
        Path file = file(5_000);
        ReplayFacts facts = ReplayFacts.read(replay(file, 2));
        try (ReplayFrames frames = ReplayFrames.open(facts, "test", FEW_CHUNKS)) {
            Path other = Files.write(
                    folder.resolve("other"),
                    new PcapWriter(ByteOrder.LITTLE_ENDIAN, true)
                            .frame(0, SampleFrames.arp())
                            .bytes());
            Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
            for (int i = 0; i < 5_000; i++) {
                next(frames);
            }
            VethPair.await(() -> !frames.failure().isEmpty());
            assertEquals(
                    "cannot replay " + file + ": it held 5000 frames and now holds 1: it must not change while it is"
                            + " replayed",
                    frames.failure());
        }
    }

    @Test
    void shouldPutZerosInPlaceOfWhatTheFileDoesNotHold() throws Exception {
        byte[] arp = SampleFrames.arp();
        Path file = Files.write(
                folder.resolve("cut.pcap"),
                new PcapWriter(ByteOrder.BIG_ENDIAN, false)
                        .frame(0, SampleFrames.ipv4Udp())
                        .frame(0, arp, 100)
                        .bytes());
        Replay pad = new Replay(file, 0, Rewrite.NONE, CutFrames.PAD, LongFrames.REFUSE);
        try (ReplayFrames frames = ReplayFrames.open(ReplayFacts.read(pad), "test")) {
            assertArrayEquals(SampleFrames.ipv4Udp(), next(frames));
            byte[] padded = java.util.Arrays.copyOf(arp, 100);
            assertArrayEquals(padded, next(frames));
        }
    }

    @Test
    void shouldRewriteEachFrameOnce() throws Exception {
        Path file = Files.write(
                folder.resolve("tagged.pcap"),
                new PcapWriter(ByteOrder.LITTLE_ENDIAN, true)
                        .frame(0, SampleFrames.doubleVlan())
                        .bytes());
        Rewrite remove = new Rewrite(Optional.empty(), Optional.empty(), VlanRewrite.parse("remove"));
        Replay replay = new Replay(file, 0, remove, CutFrames.REFUSE, LongFrames.REFUSE);
        try (ReplayFrames frames = ReplayFrames.open(ReplayFacts.read(replay), "test")) {
            byte[] once = next(frames);
            assertEquals(SampleFrames.doubleVlan().length - 4, once.length);
            assertArrayEquals(once, next(frames), "in the second loop");
        }
    }

    @Test
    void shouldAllocateNothingForAFrameOnceItRuns() throws Exception {
        int inFile = 5_000;
        ReplayFacts facts = ReplayFacts.read(replay(file(inFile), 0));
        try (ReplayFrames frames = ReplayFrames.open(facts, "alloc", FEW_CHUNKS)) {
            spend(frames, 2L * inFile);
            long reader = readerThread();
            long here = Thread.currentThread().threadId();
            long few = 4L * inFile;
            long byFew = allocated(frames, few, reader, here);
            long byMany = allocated(frames, 4 * few, reader, here);
            double perFrame = (double) (byMany - byFew) / (3 * few);
            assertTrue(perFrame < 8, perFrame + " bytes a frame: " + byFew + ", then " + byMany);
        }
    }

    /** What threads allocate while so many frames are read and sent. */
    private static long allocated(ReplayFrames frames, long count, long... threads) {
        long before = LongStream.of(THREADS.getThreadAllocatedBytes(threads)).sum();
        spend(frames, count);
        return LongStream.of(THREADS.getThreadAllocatedBytes(threads)).sum() - before;
    }

    private static void spend(ReplayFrames frames, long count) {
        for (long i = 0; i < count; i++) {
            if (!frames.hasNext()) {
                VethPair.await(frames::hasNext);
            }
            frames.pass();
            frames.advance();
        }
    }

    private static long readerThread() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("replay-alloc"))
                .findFirst()
                .orElseThrow()
                .threadId();
    }
}
