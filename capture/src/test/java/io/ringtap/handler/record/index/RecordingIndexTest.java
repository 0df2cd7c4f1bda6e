package io.ringtap.handler.record.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.handler.record.index.RecordingIndex.Block;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordingIndexTest {
    private static final int HEADER = 100;
    private static final int FRAME = 60;
    private static final int RECORD = 16 + FRAME;
    private static final int IN_BLOCK = (256 << 10) / RECORD + 1;
    private static final IndexQuery ANY = new IndexQuery.Any();

    @TempDir
    private Path folder;

    private Path recording() {
        return folder.resolve("a.pcap");
    }

    /** A frame of IPv4 and UDP, a second behind the one before. */
    private static void put(ByteBuffer to, int at, int second, int source, int destination, int ports) {
        to.putInt(at, second).putInt(at + 4, 0).putInt(at + 8, FRAME).putInt(at + 12, FRAME);
        byte[] frame = new byte[FRAME];
        ByteBuffer.wrap(frame)
                .putShort(12, (short) 0x0800)
                .put(14, (byte) 0x45)
                .put(23, (byte) 17)
                .putInt(26, source)
                .putInt(30, destination)
                .putInt(34, ports);
        to.put(at + 16, frame);
    }

    private interface Traffic {
        void put(ByteBuffer to, int at, int number);
    }

    private long write(int frames, Traffic traffic) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocateDirect(1_000 * RECORD).order(ByteOrder.nativeOrder());
        long offset = HEADER;
        try (IndexWriter index = IndexWriter.create(RecordingIndex.beside(recording()), Records.PCAP)) {
            int filled = 0;
            for (int i = 0; i < frames; i++) {
                traffic.put(chunk, filled, i);
                filled += RECORD;
                if (filled == chunk.capacity() || i + 1 == frames) {
                    index.add(chunk, 0, filled, offset);
                    offset += filled;
                    filled = 0;
                }
            }
            index.end(offset, false);
        }
        return offset;
    }

    private List<Block> blocks(long size, IndexQuery query, long from, long to) throws IOException {
        try (RecordingIndex index = RecordingIndex.of(recording(), size).orElseThrow()) {
            return index.blocks(query, from, to);
        }
    }

    private List<Block> blocks(long size, IndexQuery query) throws IOException {
        return blocks(size, query, Long.MIN_VALUE, Long.MAX_VALUE);
    }

    private static IndexQuery host(int address) {
        return new IndexQuery.Key(IndexKey.host4(address));
    }

    @Test
    void shouldHaveAllOfTheRecordingInBlocks() throws IOException {
        int frames = 300 * IN_BLOCK + 7; // more than a segment
        long size = write(frames, (to, at, i) -> put(to, at, i, 1, 2, 3));
        List<Block> all = blocks(size, ANY);
        assertEquals(301, all.size());
        long next = HEADER;
        int number = 0;
        for (Block block : all) {
            assertEquals(next, block.offset());
            assertEquals(block.frames() * RECORD, block.bytes());
            assertEquals(number * 1_000_000_000L, block.earliestNanos());
            number += block.frames();
            assertEquals((number - 1) * 1_000_000_000L, block.latestNanos());
            next += block.bytes();
        }
        assertEquals(size, next);
        assertEquals(frames, number);
    }

    @Test
    void shouldLeaveOutWhatCannotHoldAFrame() throws IOException {
        long size = write(300 * IN_BLOCK, (to, at, i) -> put(to, at, i, i / IN_BLOCK, 999_999, (i / IN_BLOCK) << 16));
        for (int block : new int[] {0, 1, 63, 64, 255, 256, 299}) {
            List<Block> found = blocks(size, host(block));
            assertEquals(1, found.size(), () -> "host " + block);
            assertEquals(
                    HEADER + (long) block * IN_BLOCK * RECORD, found.getFirst().offset());
            assertEquals(found, blocks(size, IndexQuery.both(host(block), new IndexQuery.Key(IndexKey.port(block)))));
            assertEquals(List.of(), blocks(size, IndexQuery.both(host(block), host(block + 1))));
        }
        assertEquals(300, blocks(size, host(999_999)).size());
        assertEquals(
                2, blocks(size, IndexQuery.either(List.of(host(7), host(290)))).size());
        assertEquals(0, blocks(size, host(1_000)).size());
        long from = 10L * IN_BLOCK * 1_000_000_000;
        assertEquals(2, blocks(size, ANY, from - 1_000_000_000, from + 1).size());
        assertEquals(1, blocks(size, ANY, from, from + 1).size());
        assertEquals(0, blocks(size, host(9), from, Long.MAX_VALUE).size());
    }

    /** Also where it takes most: all of each frame is new. */
    @ParameterizedTest
    @ValueSource(ints = {1, 100, IN_BLOCK, 3 * IN_BLOCK, 100 * IN_BLOCK, 257 * IN_BLOCK})
    void shouldTakeThreePercentAtMostAndMissNothing(int frames) throws IOException {
        int[] sources = new Random(1).ints(frames).toArray();
        int[] others = new Random(2).ints(2L * frames).toArray();
        long size = write(frames, (to, at, i) -> put(to, at, i, sources[i], others[2 * i], others[2 * i + 1]));
        long index = RecordingIndex.bytes(recording());
        assertTrue(index <= size * 3 / 100 + 1_200, () -> index + " bytes for " + size);
        Random random = new Random(3);
        for (int i = 0; i < 500; i++) {
            int frame = random.nextInt(frames);
            long at = HEADER + (long) frame * RECORD;
            IndexQuery query = IndexQuery.both(
                    host(sources[frame]),
                    IndexQuery.both(
                            new IndexQuery.Key(IndexKey.net4(others[2 * frame], 16)),
                            new IndexQuery.Key(IndexKey.port(others[2 * frame + 1] >>> 16))));
            assertTrue(
                    blocks(size, query).stream()
                            .anyMatch(block -> block.offset() <= at && at < block.offset() + block.bytes()),
                    () -> "frame " + frame);
        }
    }

    /** A wrong byte makes it say so, or makes no difference to what is asked. */
    @Test
    void shouldNotBelieveWhatIsDamaged() throws IOException {
        int frames = 3 * IN_BLOCK;
        long size = write(frames, (to, at, i) -> put(to, at, i, i / IN_BLOCK, 2, 3));
        List<Block> right = blocks(size, host(1));
        Path file = RecordingIndex.beside(recording());
        byte[] whole = Files.readAllBytes(file);
        Set<Boolean> outcomes = new HashSet<>();
        for (int i = 0; i < whole.length; i++) {
            byte[] damaged = whole.clone();
            damaged[i] = (byte) (damaged[i] ^ (1 << (i % 8)));
            Files.write(file, damaged);
            boolean said = false;
            try {
                assertEquals(right, blocks(size, host(1)), "byte " + i);
            } catch (IOException e) {
                said = true;
            }
            outcomes.add(said);
        }
        assertEquals(Set.of(true, false), outcomes);
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, java.util.Arrays.copyOf(whole, length));
            assertThrows(IOException.class, () -> blocks(size, host(1)));
        }
        Files.write(file, whole);
        assertThrows(IOException.class, () -> blocks(size + 1, host(1)));
        Files.delete(file);
        assertFalse(RecordingIndex.of(recording(), size).isPresent());
    }

    @Test
    void shouldAnswerForWhatIsThereOfAFileThatIsWritten() throws IOException {
        Path hidden = folder.resolve(".w-000001.pcap.part");
        ByteBuffer chunk = ByteBuffer.allocateDirect(IN_BLOCK * RECORD).order(ByteOrder.nativeOrder());
        List<Long> ends = new ArrayList<>();
        try (IndexWriter writer = IndexWriter.create(RecordingIndex.beside(hidden), Records.PCAP)) {
            long offset = HEADER;
            for (int block = 0; block < 520; block++) {
                for (int i = 0; i < IN_BLOCK; i++) {
                    put(chunk, i * RECORD, block, block, 2, 3);
                }
                writer.add(chunk, 0, chunk.capacity(), offset);
                offset += chunk.capacity();
                try (RecordingIndex index = RecordingIndex.of(hidden, offset).orElseThrow()) {
                    assertFalse(index.isWhole());
                    ends.add(index.end());
                    long answered = Math.max(0, index.end() - HEADER) / chunk.capacity();
                    assertEquals(
                            answered,
                            index.blocks(ANY, Long.MIN_VALUE, Long.MAX_VALUE).size());
                }
            }
        }
        assertEquals(
                Set.of(0L, HEADER + 256L * chunk.capacity(), HEADER + 512L * chunk.capacity()), new HashSet<>(ends));
    }
}
