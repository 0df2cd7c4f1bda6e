package io.ringtap.daemon.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capture.CaptureConfig;
import io.ringtap.capture.CaptureOrigin;
import io.ringtap.capture.CaptureOrigin.Missing;
import io.ringtap.capture.WorkerConfig;
import io.ringtap.daemon.DaemonConfig;
import io.ringtap.daemon.config.ConfigSource;
import io.ringtap.daemon.config.ConfigText;
import io.ringtap.daemon.reference.FittingFile.Machine;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FittingFileTest {
    private static final long GIB = 1L << 30;

    @TempDir
    private Path folder;

    private DaemonConfig read(String text) throws Exception {
        return ConfigText.reader().read(ConfigSource.file(Files.writeString(folder.resolve("ringtap.toml"), text)));
    }

    @Test
    void shouldBeTheInstalledFileForAnotherInterfaceWhereTheDefaultsFit() {
        String expected = CommentedFile.installed()
                .replaceFirst("# The configuration of ringtap\\..*\n", "")
                .replaceFirst("(?m)^interface = \"ens192\"$", "interface = \"eth7\"");
        String text = FittingFile.text("eth7", new Machine(4 * GIB, 2));
        assertEquals(
                "# The configuration of ringtap for eth7, as \"ringtap config init\" wrote it.\n" + expected, text);
    }

    @Test
    void shouldGiveALargeMachineALargerRingAndMoreThreadsAndSayWhy() throws Exception {
        String text = FittingFile.text("eth7", new Machine(15 * GIB, 8));
        assertTrue(text.contains("""
                # The kernel's ring: how long a burst, or a pause of the readers, it outlasts. Here it has about a sixty-fourth of the
                # memory, which is 15360 MiB.
                buffer = "128 MiB"
                """), text);
        assertTrue(text.contains("""
                # Threads, each with handlers of its own. A frame goes to one of them. Here there are 8 processors: one is left to the
                # capture, and one to all else.
                threads = 6
                """), text);
        DaemonConfig config = read(text);
        CaptureConfig capture = CaptureConfig.live(new CaptureOrigin.Live("eth7", Missing.WAIT));
        assertEquals(
                capture.toBuilder().bufferBytes(128 << 20).build(),
                config.captures().getFirst());
        WorkerConfig worker = config.workers().getFirst();
        assertEquals(6, worker.threads());
        assertEquals("default", worker.name());
        assertEquals("count", worker.handlers().getFirst().type());
    }

    @Test
    void shouldKeepToItsLimits() throws Exception {
        assertEquals(
                8 << 20,
                read(FittingFile.text("a", new Machine(GIB / 4, 1)))
                        .captures()
                        .getFirst()
                        .bufferBytes());
        DaemonConfig huge = read(FittingFile.text("a", new Machine(4_096 * GIB, 256)));
        assertEquals(512 << 20, huge.captures().getFirst().bufferBytes());
        assertEquals(16, huge.workers().getFirst().threads());
    }

    @Test
    void shouldWriteANameSoThatItIsReadAsItIs() throws Exception {
        String name = "a\"\\b";
        assertEquals(
                new CaptureOrigin.Live(name, Missing.WAIT),
                read(FittingFile.text(name, new Machine(4 * GIB, 2)))
                        .captures()
                        .getFirst()
                        .origin());
    }
}
