package io.ringtap.handler.flows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.frame.FileMode;
import io.ringtap.frame.HandlerSettings;
import io.ringtap.lock.OpenFileLock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A line is whole or not there, whoever writes beside it. */
class FlowFileTest {
    private static final FileMode MODE = FileMode.read(HandlerSettings.none());

    private static final int THREADS = 4;
    private static final int BURSTS = 100;

    @TempDir
    private Path folder;

    private Path path;

    @BeforeEach
    void name() {
        path = folder.resolve("flows.jsonl");
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void shouldCutOffTheLineThatAKilledWriterLeft() throws IOException {
        String whole = AppendingProcess.line("w", 0) + "\n";
        String next = AppendingProcess.line("w", 1) + "\n";
        for (int cut = 1; cut < whole.length() - 1; cut++) {
            for (String before : List.of("", whole)) {
                Files.writeString(path, before + whole.substring(0, cut));
                new FlowFile(path, MODE).append(bytes(next));
                assertEquals(before + next, Files.readString(path));
            }
        }
    }

    @Test
    void shouldEndALineThatIsNotOfItsKind() throws IOException {
        for (String other :
                List.of("not a flow", "{\"flow\":1", "flow\nno flow", "{\"worker\":\"" + "w".repeat(70_000))) {
            Files.writeString(path, other);
            new FlowFile(path, MODE).append(bytes("x\n"));
            assertEquals(other + "\nx\n", Files.readString(path));
        }
    }

    /** Threads and processes, one of which is killed, while files are renamed away and lines torn. */
    @Test
    void shouldLoseNoLineAndTearNoneWhoeverWritesBesideIt() throws Exception {
        Process killed = AppendingProcess.start(path, "killed", Integer.MAX_VALUE);
        Process other = AppendingProcess.start(path, "other", BURSTS);
        assertEquals("appending", killed.inputReader().readLine());
        assertEquals("appending", other.inputReader().readLine());
        int renamed = 0;
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            List<Future<?>> ends = startThreads(threads);
            while (!ends.stream().allMatch(Future::isDone)) {
                tear();
                renamed += rename(renamed);
                if (renamed == 10) {
                    killed.destroyForcibly();
                }
                Thread.sleep(1);
            }
            for (Future<?> end : ends) {
                end.get();
            }
        } finally {
            killed.destroyForcibly().waitFor();
        }
        assertEquals(0, other.waitFor());
        new FlowFile(path, MODE).append(bytes(AppendingProcess.line("last", 0) + "\n"));
        Map<String, Integer> counts = new TreeMap<>();
        for (int i = 0; i < renamed; i++) {
            count(folder.resolve("flows." + i), counts);
        }
        count(path, counts);
        counts.remove("killed");
        Map<String, Integer> all = new TreeMap<>(Map.of("other", AppendingProcess.lines(BURSTS), "last", 1));
        for (int thread = 0; thread < THREADS; thread++) {
            all.put("thread" + thread, AppendingProcess.lines(BURSTS));
        }
        assertEquals(all, counts);
    }

    /** Lines that were there are gone then, and no part of one stays. */
    @Test
    void shouldWriteWholeLinesToAFileThatIsCopiedAndTruncated() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            List<Future<?>> ends = startThreads(threads);
            while (!ends.stream().allMatch(Future::isDone)) {
                if (Files.exists(path)) {
                    Files.write(path, new byte[0]);
                }
                Thread.sleep(1);
            }
            for (Future<?> end : ends) {
                end.get();
            }
        }
        for (String line : Files.readAllLines(path)) {
            int from = line.indexOf("thread");
            String name = line.substring(from, from + "thread0".length());
            assertEquals(AppendingProcess.line(name, number(line)), line);
        }
    }

    private List<Future<?>> startThreads(ExecutorService threads) {
        List<Future<?>> ends = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
            String name = "thread" + thread;
            ends.add(threads.submit(() -> {
                AppendingProcess.append(path, name, BURSTS);
                return null;
            }));
        }
        return ends;
    }

    /** As one that is killed while it writes. */
    private void tear() throws IOException {
        try (OpenFileLock lock = OpenFileLock.take(path);
                FileChannel channel =
                        FileChannel.open(lock.file(), StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
            if (channel.size() > 0) {
                channel.write(bytes(AppendingProcess.line("torn", 0).substring(0, 40)));
            }
        }
    }

    /** As logrotate(8) does; whoever has the file open writes on. */
    private int rename(int number) throws IOException {
        if (Files.size(path) < 100_000) {
            return 0;
        }
        Files.move(path, folder.resolve("flows." + number));
        return 1;
    }

    private static int number(String line) {
        return Integer.parseInt(line.replaceAll(".*\"line\":(\\d+),.*", "$1"));
    }

    /** All lines of a writer are there once, in order; a torn one may be the last, if nobody wrote behind it. */
    private static void count(Path file, Map<String, Integer> counts) throws IOException {
        String text = Files.readString(file);
        int end = text.lastIndexOf('\n') + 1;
        assertTrue(
                end == text.length()
                        || text.startsWith("{\"worker\":\"torn", end)
                        || text.startsWith("{\"worker\":\"killed", end),
                () -> file + ": " + text.substring(end));
        for (String line : text.substring(0, end).lines().toList()) {
            assertTrue(line.startsWith("{\"worker\":\""), () -> file + ": " + line);
            String name = line.split("\"", -1)[3];
            int next = counts.merge(name, 1, Integer::sum) - 1;
            assertEquals(AppendingProcess.line(name, next), line, file::toString);
        }
    }

    /** By the limit of its process, in place of a disk that is full: of the line that does not fit nothing stays. */
    @Test
    void shouldKeepWholeLinesAndCountThemWhereThereIsNoRoomForMore() throws Exception {
        Process process = AppendingProcess.start(path, "w", 1, "prlimit", "--fsize=8192");
        List<String> said = process.inputReader().lines().toList();
        assertEquals(0, process.waitFor());
        String kept = Files.readString(path);
        assertEquals(List.of("appending", "took " + kept.length() + ": File too large"), said);
        assertTrue(kept.length() > 7_900, () -> kept.length() + " bytes");
        Map<String, Integer> counts = new TreeMap<>();
        count(path, counts);
        assertTrue(kept.endsWith("}\n"), kept);
    }

    private static String mode(Path file) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    /** No umask that anyone has lets the group and the others write. */
    @Test
    void shouldGiveTheFileItsModeWhereItMakesIt() throws Exception {
        Path path = folder.resolve("flows.jsonl");
        FlowFile file = new FlowFile(path, new FileMode(PosixFilePermissions.fromString("rw-rw-rw-")));
        file.make();
        assertEquals("rw-rw-rw-", mode(path));
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
        file.append(ByteBuffer.wrap("{}\n".getBytes(StandardCharsets.UTF_8)));
        assertEquals("rw-------", mode(path));
        Files.move(path, folder.resolve("older"));
        file.append(ByteBuffer.wrap("{}\n".getBytes(StandardCharsets.UTF_8)));
        assertEquals("rw-rw-rw-", mode(path));
        assertEquals("{}\n", Files.readString(path));
    }
}
