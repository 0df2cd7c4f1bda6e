package io.ringtap.handler.flows;

import io.ringtap.frame.FileMode;
import io.ringtap.frame.HandlerSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The handler's keys.
 *
 * @param memoryBytes for the flows of all threads on a capture together
 * @param idle how long without a frame ends a flow; 0: never
 * @param active how long a flow's record lasts at most; 0: for ever
 * @param file where ended flows are appended
 * @param mode who may read and write that file, where this handler makes it
 * @param tunnels which conversation of a frame is meant that carries others
 * @param vlan whether VLAN ids tell flows apart
 * @param sensor what records say who saw the flow
 * @param communityIdSeed 0 to 65535
 */
record FlowsSettings(
        long memoryBytes,
        Duration idle,
        Duration active,
        Optional<Path> file,
        FileMode mode,
        FlowKey.Level tunnels,
        FlowKey.Vlan vlan,
        String sensor,
        int communityIdSeed) {
    /** The least that a thread works with: some thousand flows, and as many on their way to the file. */
    static final long LEAST_THREAD_BYTES = 1L << 20;

    private static final long DEFAULT_BYTES = 64L << 20;

    /** A hash of 32 bits must reach every place. */
    private static final long MOST_BYTES = 256L << 30;

    private static final String MACHINE = machine(Path.of("/proc/sys/kernel/hostname"), Path.of("/etc/hostname"));

    static FlowsSettings read(HandlerSettings keys) {
        return new FlowsSettings(
                keys.bytes("memory", DEFAULT_BYTES, LEAST_THREAD_BYTES, MOST_BYTES),
                keys.duration("idle", Duration.ofSeconds(60)),
                keys.duration("active", Duration.ofMinutes(30)),
                keys.path("file"),
                mode(keys),
                keys.choice("tunnels", FlowKey.Level.INNER),
                keys.choice("vlan", FlowKey.Vlan.KEY),
                sensor(keys),
                (int) keys.number("community-id-seed", 0, 0, 0xffff));
    }

    private static FileMode mode(HandlerSettings keys) {
        FileMode mode = FileMode.read(keys);
        if (keys.has("mode") && !keys.has("file")) {
            keys.problem("mode", "goes with file: without one, this handler makes none");
        }
        return mode;
    }

    /** By default, this machine's name. */
    private static String sensor(HandlerSettings keys) {
        String sensor = keys.text("sensor", "");
        return sensor.isEmpty() ? MACHINE : sensor;
    }

    /** This machine's name by the first of some files that can be read: a unit's sandbox may have no /proc/sys (ProcSubset). */
    static String machine(Path... files) {
        for (Path file : files) {
            try {
                String name = Files.readString(file).strip();
                if (!name.isEmpty()) {
                    return name;
                }
            } catch (IOException _) {
                // the next one may be there
            }
        }
        return "localhost";
    }

    /** Returns what a thread's table may take. @throws IllegalArgumentException if that is too little to work with */
    long tableBytes(int threads) {
        long bytes = memoryBytes / threads;
        if (bytes < LEAST_THREAD_BYTES) {
            throw new IllegalArgumentException("memory: " + memoryBytes + " bytes are too few for " + threads
                    + " threads: give at least 1 MiB for each");
        }
        return file.isPresent() ? bytes - FlowQueue.BYTES : bytes;
    }
}
