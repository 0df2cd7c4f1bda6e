package io.ringtap.daemon.find;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.ringtap.capturefile.RecordedFolder;
import io.ringtap.handler.record.RecordHandler;
import io.ringtap.testkit.HandlerTrial;
import io.ringtap.testkit.TestContext;
import io.ringtap.testkit.TestSettings;
import io.ringtap.testnet.OtherUser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is found is what {@code tcpdump -r} gives of the same files: every frame, byte for byte, in the same order. */
class FindOracleTest {
    private static final int FRAMES = 30 * RandomTraffic.CHAPTER;
    private static final int EXPRESSIONS = 150;

    @TempDir
    private Path folder;

    private long readBytes;

    private void record(String format, long seed) {
        HandlerTrial trial = HandlerTrial.start(
                TestSettings.of(
                                "folder",
                                folder.toString(),
                                "format",
                                format,
                                "file-size",
                                3 << 20,
                                "index",
                                true,
                                "sync",
                                false)
                        .make(RecordHandler::new),
                new TestContext("uplink", "w", 0));
        RandomTraffic traffic = new RandomTraffic(seed);
        for (int i = 0; i < FRAMES; i++) {
            trial.frames(traffic.next());
        }
        trial.stop();
    }

    private List<Path> files() {
        return new RecordedFolder(folder)
                .whole().stream()
                        .filter(file -> !file.toString().endsWith(".index"))
                        .toList();
    }

    /** Each frame as text; absent if tcpdump does not take the expression. */
    private Optional<List<String>> tcpdump(String expression) throws Exception {
        List<String> frames = new ArrayList<>();
        for (Path file : files()) {
            List<String> command = new ArrayList<>(OtherUser.thatReadsEverything());
            command.addAll(List.of("tcpdump", "-r", file.toString(), "-w", "-", expression));
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            ByteBuffer out =
                    ByteBuffer.wrap(process.getInputStream().readAllBytes()).order(ByteOrder.nativeOrder());
            if (process.waitFor() != 0) {
                return Optional.empty();
            }
            out.position(24);
            while (out.hasRemaining()) {
                out.getLong();
                int captured = out.getInt();
                int original = out.getInt();
                frames.add(text(out, captured, original));
            }
        }
        return Optional.of(frames);
    }

    private static String text(ByteBuffer at, int captured, int original) {
        byte[] bytes = new byte[captured];
        at.get(bytes);
        return original + ":" + java.util.HexFormat.of().formatHex(bytes);
    }

    private Optional<List<String>> find(String expression, boolean usesIndex) throws IOException {
        ByteArrayOutputStream found = new ByteArrayOutputStream();
        try (Wanted wanted = new Wanted(expression, Long.MIN_VALUE, Long.MAX_VALUE, usesIndex);
                Search search = Search.open(List.of(folder), Set.of(), wanted, false, complaint -> fail(complaint));
                FoundFrames frames = new FoundFrames(Channels.newChannel(found))) {
            assertEquals(usesIndex ? 0 : search.files(), search.scanned());
            frames.write(search);
            readBytes = search.readBytes();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        return Optional.of(packets(found.toByteArray()));
    }

    private static List<String> packets(byte[] pcapng) {
        ByteBuffer in = ByteBuffer.wrap(pcapng).order(ByteOrder.nativeOrder());
        List<String> frames = new ArrayList<>();
        for (int block = 0; block < in.limit(); block += in.getInt(block + 4)) {
            if (in.getInt(block) == 6) {
                frames.add(text(in.position(block + 28), in.getInt(block + 20), in.getInt(block + 24)));
            }
        }
        return frames;
    }

    /** It runs tcpdump some thousand times. */
    @ParameterizedTest
    @CsvSource({"pcapng, 1", "pcap, 2"})
    void shouldFindWhatTcpdumpFinds(String format, long seed) throws Exception {
        record(format, seed);
        assertTrue(files().size() > 1, () -> files().toString());
        RandomExpression expressions = new RandomExpression(seed);
        long all = 0;
        for (Path file : files()) {
            all += Files.size(file);
        }
        int taken = 0;
        int narrowed = 0;
        int some = 0;
        for (int i = 0; i < EXPRESSIONS; i++) {
            String expression = expressions.next();
            Optional<List<String>> expected = tcpdump(expression);
            assertSame(expression + ", read whole", expected, find(expression, false));
            readBytes = all;
            assertSame(expression + ", by index", expected, find(expression, true));
            taken += expected.isPresent() ? 1 : 0;
            some += expected.filter(frames -> !frames.isEmpty()).isPresent() ? 1 : 0;
            narrowed += readBytes < all / 2 ? 1 : 0;
        }
        int most = EXPRESSIONS;
        String counts =
                "of " + most + ": taken " + taken + ", found some " + some + ", read less than half " + narrowed;
        assertTrue(taken > most / 2 && some > most / 3 && narrowed > most / 10, counts);
    }

    private static void assertSame(String what, Optional<List<String>> expected, Optional<List<String>> found) {
        assertEquals(expected.isPresent(), found.isPresent(), () -> "taken: " + what);
        if (expected.isPresent() && !expected.get().equals(found.get())) {
            List<String> missing = new ArrayList<>(expected.get());
            found.get().forEach(missing::remove);
            fail(what + ": tcpdump finds " + expected.get().size() + ", this "
                    + found.get().size() + "; the first missing: "
                    + missing.stream().findFirst().orElse("none"));
        }
    }
}
