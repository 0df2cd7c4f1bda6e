package io.ringtap.zstd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.testnet.VethPair;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ZstdReaderTest {
    @TempDir
    private Path folder;

    /** Half of it can be compressed: runs of zeros, which a distance of one byte covers, and what was there before. */
    static byte[] content(int bytes, long seed) {
        Random random = new Random(seed);
        byte[] content = new byte[bytes];
        for (int at = 0; at < bytes; at += 100) {
            byte[] word = new byte[Math.min(50, bytes - at)];
            random.nextBytes(word);
            System.arraycopy(word, 0, content, at, word.length);
        }
        return content;
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    private static byte[] joined(List<byte[]> parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        parts.forEach(all::writeBytes);
        return all.toByteArray();
    }

    private static byte[] group(ZstdBlocks blocks, byte[] content) {
        blocks.begin(ByteBuffer.allocateDirect(content.length).put(content).flip());
        return bytes(blocks.finish());
    }

    private static byte[] read(ZstdReader reader, ByteBuffer target) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        while (reader.read(target.clear()) >= 0) {
            all.writeBytes(bytes(target.flip()));
        }
        return all.toByteArray();
    }

    private static byte[] read(Path file) throws IOException {
        try (ZstdReader reader = ZstdReader.open(file)) {
            byte[] all = read(reader, ByteBuffer.allocateDirect(70_001));
            assertFalse(reader.isCutShort());
            assertEquals(Files.size(file), reader.position());
            return all;
        }
    }

    private byte[] byZstd(byte[] content, String... options) throws IOException {
        Path plain = Files.write(folder.resolve("plain"), content);
        List<String> command = new ArrayList<>(List.of("zstd", "-q", "-f", plain.toString()));
        command.addAll(List.of(options));
        VethPair.run(command.toArray(String[]::new));
        return Files.readAllBytes(folder.resolve("plain.zst"));
    }

    private static byte[] skippable(int bytes) {
        return ByteBuffer.allocate(8 + bytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(0x184d2a5e)
                .putInt(bytes)
                .array();
    }

    @ParameterizedTest
    @CsvSource({"3000000, true, 65536", "3000000, false, 999", "1, false, 1", "131072, true, 131072", "0, true, 10"})
    void shouldReadWhatOthersWrote(int length, boolean direct, int targetBytes) throws IOException {
        byte[] content = content(length, 1);
        byte[] once = byZstd(content, "-3", "--check");
        byte[] twice = joined(List.of(once, skippable(5_000), byZstd(content, "-1", "--no-check"), skippable(0)));
        Path file = Files.write(folder.resolve("theirs.zst"), twice);
        try (ZstdReader reader = ZstdReader.open(file)) {
            ByteBuffer target = direct ? ByteBuffer.allocateDirect(targetBytes) : ByteBuffer.allocate(targetBytes);
            assertArrayEquals(joined(List.of(content, content)), read(reader, target));
            assertEquals(-1, reader.read(target.clear()));
            assertFalse(reader.isCutShort());
        }
    }

    /** Groups stand alone, in any order, also where libzstd has begun anew; and zstd reads them. */
    @ParameterizedTest
    @ValueSource(ints = {1, 9, 19})
    void shouldEnterAtEachGroup(int level) throws IOException {
        List<byte[]> contents = new ArrayList<>();
        List<byte[]> parts =
                new ArrayList<>(List.of(ZstdFrame.header(), ZstdFrame.rawBlock(new byte[] {1, 2, 3}, false)));
        List<Long> starts = new ArrayList<>();
        int[] lengths = {ZstdFrame.GROUP_BYTES, 1, 300_000, 131_072, 131_073, 96, ZstdFrame.GROUP_BYTES, 40};
        try (ZstdBlocks blocks = ZstdBlocks.open(level, 3)) {
            for (int length : lengths) {
                byte[] content = content(length, length);
                contents.add(content);
                starts.add((long) joined(parts).length);
                parts.add(group(blocks, content));
                assertArrayEquals(parts.getLast(), bytes(blocks.finish()));
            }
        }
        parts.add(ZstdFrame.rawBlock(new byte[] {9}, true));
        Path file = Files.write(folder.resolve("ours.zst"), joined(parts));
        VethPair.run("zstd", "-q", "-d", "-f", file.toString());
        byte[] whole = Files.readAllBytes(folder.resolve("ours"));
        assertArrayEquals(joined(List.of(new byte[] {1, 2, 3}, joined(contents), new byte[] {9})), whole);
        assertArrayEquals(whole, read(file));
        assertTrue(joined(parts).length < whole.length * 3 / 4);
        try (ZstdReader reader = ZstdReader.open(file)) {
            for (int group = lengths.length - 1; group >= 0; group--) {
                reader.enter(starts.get(group));
                byte[] expected = joined(List.of(joined(contents.subList(group, contents.size())), new byte[] {9}));
                assertArrayEquals(expected, read(reader, ByteBuffer.allocate(50_000)), "from group " + group);
            }
        }
    }

    @Test
    void shouldReadAFileThatIsStillWrittenUpToItsEnd() throws IOException {
        byte[] content = content(400_000, 1);
        byte[] start = joined(List.of(ZstdFrame.header(), ZstdFrame.rawBlock(new byte[100], false)));
        byte[] group;
        try (ZstdBlocks blocks = ZstdBlocks.open(1)) {
            group = group(blocks, content);
        }
        Path file = Files.write(folder.resolve("live.zst"), start);
        try (ZstdReader reader = ZstdReader.open(file)) {
            assertEquals(100, read(reader, ByteBuffer.allocate(1_000)).length);
            assertTrue(reader.isCutShort());
            Files.write(file, joined(List.of(start, group)));
            assertArrayEquals(content, read(reader, ByteBuffer.allocate(1_000)));
            assertTrue(reader.isCutShort());
        }
    }

    @Test
    void shouldSayWhatIsWrongWithAFile() throws IOException {
        byte[] bytes = byZstd(content(300_000, 1), "-1");
        Arrays.fill(bytes, 1_000, 2_000, (byte) -1);
        Path damaged = Files.write(folder.resolve("damaged.zst"), bytes);
        IOException e = assertThrows(IOException.class, () -> read(damaged));
        assertTrue(e.getMessage().startsWith(damaged + " is no zstd file, or damaged before its byte "), e::getMessage);
        Path other = Files.write(
                folder.resolve("other.zst"), "no zstd at all".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        assertThrows(IOException.class, () -> read(other));
    }

    @Test
    void shouldSayWhatToInstallWhereThereIsNoLibrary() {
        assertEquals(
                "libzstd.so.1 is not on this machine; install libzstd1 (Debian, Ubuntu) or libzstd (Fedora, RHEL)",
                Libzstd.missing(Libzstd.find("libzstd-of-nobody.so.1")).orElseThrow());
        assertTrue(ZstdFrame.missing().isEmpty());
    }

    @Test
    void shouldRefuseWhatIsNoGroup() throws IOException {
        try (ZstdBlocks blocks = ZstdBlocks.open(1)) {
            ByteBuffer tooLong = ByteBuffer.allocateDirect(ZstdFrame.GROUP_BYTES + 1);
            assertThrows(IllegalArgumentException.class, () -> blocks.begin(tooLong));
            assertThrows(IllegalArgumentException.class, () -> blocks.begin(ByteBuffer.allocate(10)));
        }
        assertThrows(IllegalArgumentException.class, () -> ZstdFrame.rawBlock(new byte[(128 << 10) + 1], true));
    }
}
