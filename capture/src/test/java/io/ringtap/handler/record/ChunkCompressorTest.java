package io.ringtap.handler.record;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringtap.zstd.ZstdFrame;
import io.ringtap.zstd.ZstdReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChunkCompressorTest {
    private static final int LENGTH = 100_000;

    @TempDir
    private Path folder;

    private static Chunk chunk(int number) {
        Chunk chunk = new Chunk();
        byte[] bytes = content(number);
        chunk.bytes.put(0, bytes);
        chunk.filled = bytes.length;
        return chunk;
    }

    private static byte[] content(int number) {
        byte[] bytes = new byte[LENGTH];
        Arrays.fill(bytes, (byte) number);
        return bytes;
    }

    private byte[] unpacked(ByteBuffer group) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(ZstdFrame.header());
        byte[] copy = new byte[group.remaining()];
        group.duplicate().get(copy);
        bytes.writeBytes(copy);
        bytes.writeBytes(ZstdFrame.rawBlock(new byte[0], true));
        Path file = Files.write(folder.resolve("group.zst"), bytes.toByteArray());
        try (InputStream in = Channels.newInputStream(ZstdReader.open(file))) {
            return in.readAllBytes();
        }
    }

    @Test
    void shouldGiveChunksInTheirOrderThoughThoseBehindAreUnderWay() throws IOException {
        List<Chunk> chunks = List.of(chunk(0), chunk(1), chunk(2), chunk(3));
        chunks.forEach(each -> each.handedOver = true);
        try (ChunkCompressor compressor = ChunkCompressor.open(1, 3)) {
            for (int i = 0; i < 4; i++) {
                List<Chunk> behind = chunks.subList(i + 1, Math.min(i + 3, 4));
                ByteBuffer group = compressor.compressed(chunks.get(i), LENGTH, behind);
                assertArrayEquals(content(i), unpacked(group));
                assertEquals(group, compressor.compressed(chunks.get(i), LENGTH, behind), "a disk that was full");
                compressor.done(chunks.get(i));
            }
        }
    }

    /** A chunk on which the handler has gone on meanwhile has its rest before the chunks behind it. */
    @Test
    void shouldGiveTheRestOfAChunkBeforeThoseBehindIt() throws IOException {
        Chunk first = chunk(0);
        Chunk second = chunk(1);
        second.handedOver = true;
        try (ChunkCompressor compressor = ChunkCompressor.open(1, 2)) {
            ByteBuffer begin = compressor.compressed(first, 60_000, List.of(second));
            assertEquals(60_000, unpacked(begin).length);
            compressor.done(first);
            first.written = 60_000;
            first.handedOver = true;
            assertArrayEquals(
                    new byte[LENGTH - 60_000], unpacked(compressor.compressed(first, LENGTH, List.of(second))));
            compressor.done(first);
            assertArrayEquals(content(1), unpacked(compressor.compressed(second, LENGTH, List.of())));
            compressor.done(second);
        }
    }

    /** One that was lost, of which nothing was asked. */
    @Test
    void shouldPassOverAChunkThatNobodyAskedFor() throws IOException {
        Chunk lost = chunk(0);
        Chunk next = chunk(1);
        next.handedOver = true;
        try (ChunkCompressor compressor = ChunkCompressor.open(1, 2)) {
            compressor.done(lost);
            assertArrayEquals(content(1), unpacked(compressor.compressed(next, LENGTH, List.of())));
        }
    }
}
