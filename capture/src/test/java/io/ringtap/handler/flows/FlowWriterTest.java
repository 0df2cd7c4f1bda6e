package io.ringtap.handler.flows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.frame.FileMode;
import io.ringtap.frame.Frame;
import io.ringtap.frame.HandlerSettings;
import io.ringtap.testnet.VethPair;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlowWriterTest {
    private static final long SECOND = 1_000_000_000;

    @TempDir
    private Path folder;

    /** A pipe hangs whoever opens it while nobody reads. */
    private Path pipe() {
        Path pipe = folder.resolve("pipe");
        VethPair.run("mkfifo", pipe.toString());
        return pipe;
    }

    /** Three flows, the last two of them at the end. */
    private static void write(FlowWriter writer) throws InterruptedException {
        writer.start();
        try (FlowTable table = new FlowTable(64 * FlowTable.ENTRY_BYTES)) {
            FlowKey key = new FlowKey(FlowKey.Level.INNER, FlowKey.Vlan.KEY);
            assertTrue(key.read(Frame.of(FlowFrames.udp(1, 10, 2, 20, 0), 42, 0, "c")));
            long slot = ~table.find(key);
            table.insert(slot, key);
            writer.write(table, slot, FlowEnd.IDLE);
            writer.flush();
            writer.write(table, slot, FlowEnd.STOP);
            writer.writeBy(table, slot, FlowEnd.STOP, 0);
            writer.close();
        }
    }

    @Test
    void shouldCountWhatADiskThatHangsHasNotTakenByTheEndAsNotWritten() throws Exception {
        Path pipe = pipe();
        AtomicLong now = new AtomicLong(Long.MAX_VALUE - SECOND); // the clock may wrap
        FlowWriter writer = new FlowWriter(
                new FlowFile(pipe, FileMode.read(HandlerSettings.none())),
                new FlowText("w", "c", "s", 0),
                "flows-w-0",
                () -> now.getAndAdd(SECOND / 2));
        try {
            write(writer);
            assertEquals(3, writer.notWritten());
        } finally {
            openForReading(pipe).close();
        }
    }

    /** By a clock that stands a moment before the time is over, the disk takes it all. */
    @Test
    void shouldWaitForADiskThatIsSlowUntilTheTimeIsOver() throws Exception {
        Path pipe = pipe();
        AtomicInteger looks = new AtomicInteger();
        AtomicReference<RandomAccessFile> reader = new AtomicReference<>();
        FlowWriter writer = new FlowWriter(
                new FlowFile(pipe, FileMode.read(HandlerSettings.none())),
                new FlowText("w", "c", "s", 0),
                "flows-w-0",
                () -> {
                    if (looks.incrementAndGet() == 3) {
                        reader.set(openForReading(pipe));
                    }
                    return looks.get() == 1 ? 0 : FlowWriter.CLOSE_NANOS - 1;
                });
        try {
            write(writer);
            assertEquals(0, writer.notWritten());
        } finally {
            openForReading(pipe).close();
        }
        reader.get().close();
    }

    private static RandomAccessFile openForReading(Path pipe) {
        try {
            return new RandomAccessFile(pipe.toFile(), "rw");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
