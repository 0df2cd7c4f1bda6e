package io.ringtap.handler.flows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.frame.Frame;
import io.ringtap.testnet.VethPair;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlowWriterTest {
    @TempDir
    private Path folder;

    @Test
    void shouldCountWhatADiskThatHangsHasNotTakenByTheEndAsNotWritten() throws Exception {
        Path pipe = folder.resolve("pipe"); // which hangs whoever opens it while nobody reads
        VethPair.run("mkfifo", pipe.toString());
        FlowWriter writer = new FlowWriter(new FlowFile(pipe), new FlowText("w", "c"), "flows-w-0");
        writer.start();
        try (FlowTable table = new FlowTable(64 * FlowTable.ENTRY_BYTES)) {
            FlowKey key = new FlowKey();
            assertTrue(key.read(Frame.of(FlowFrames.udp(1, 10, 2, 20, 0), 42, 0, "c")));
            long slot = ~table.find(key);
            table.insert(slot, key);
            writer.write(table, slot, FlowEnd.IDLE);
            writer.flush();
            writer.write(table, slot, FlowEnd.STOP);
            writer.writeBy(table, slot, FlowEnd.STOP, System.nanoTime());
            writer.close();
            assertEquals(3, writer.notWritten());
        } finally {
            letGo(pipe);
        }
    }

    private static void letGo(Path pipe) throws IOException {
        try (RandomAccessFile both = new RandomAccessFile(pipe.toFile(), "rw")) {
            assertTrue(both.getChannel().isOpen());
        }
    }
}
