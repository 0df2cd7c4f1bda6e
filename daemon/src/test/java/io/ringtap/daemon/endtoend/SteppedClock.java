package io.ringtap.daemon.endtoend;

import io.ringtap.testnet.VethPair;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Steps the wall clock of one process, and of no other: a library loaded before libc adds an offset to what libc says, and reads it
 * from a file that both have mapped. The kernel's time stamps, and clocks that never jump, stay as they are.
 */
final class SteppedClock {
    private static final Path SOURCE = Path.of("src", "test", "c", "clockstep.c");

    private final Path library;
    private final Path offset;

    SteppedClock(Path folder) throws IOException {
        library = folder.resolve("clockstep.so");
        offset = folder.resolve("clockstep.offset");
        step(Duration.ZERO);
        VethPair.run("gcc", "-shared", "-fPIC", "-O2", "-Wall", "-o", library.toString(), SOURCE.toString(), "-ldl");
    }

    /** The command that runs another under this clock. */
    List<String> becoming() {
        return List.of("env", "LD_PRELOAD=" + library, "CLOCK_STEP=" + offset);
    }

    /** Sets it apart from the true time by so much. */
    void step(Duration by) throws IOException {
        ByteBuffer seconds = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder());
        Files.write(offset, seconds.putLong(by.toSeconds()).array()); // in place: the file stays the one that is mapped
    }
}
