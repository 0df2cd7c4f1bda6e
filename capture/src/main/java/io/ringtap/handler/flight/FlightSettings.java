package io.ringtap.handler.flight;

import io.ringtap.frame.FileMode;
import io.ringtap.frame.HandlerSettings;
import io.ringtap.handler.record.DumpFiles;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;

/**
 * The handler's keys.
 *
 * @param name what dumps are asked for by, and what the names of their files begin with
 * @param before how long before it was asked for a dump begins, if memory goes back so far
 * @param after how long after that it ends
 * @param longest events that come meanwhile prolong a dump; no longer than this after it was asked for
 * @param memoryBytes for frames, of all threads on a capture
 * @param onLoss whether a loss on its capture is an event
 * @param files where dumps go, and what they are
 */
record FlightSettings(
        String name,
        Duration before,
        Duration after,
        Duration longest,
        long memoryBytes,
        boolean onLoss,
        DumpFiles.Settings files) {
    private static final String DEFAULT_FOLDER = "/var/lib/ringtap";
    private static final Duration LONGEST_BEFORE = Duration.ofDays(1);
    private static final Duration LONGEST_AFTER = Duration.ofHours(1);
    private static final long DEFAULT_MEMORY = 256L << 20;
    private static final long MOST_MEMORY = 64L << 30;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]*");

    static FlightSettings read(HandlerSettings keys) {
        String name = keys.text("name", FlightRecorderHandler.DEFAULT_NAME);
        if (!NAME.matcher(name).matches()) {
            keys.problem(
                    "name",
                    "must be made of letters, digits, \"_\", \"-\" and \".\", and begin with neither of the last two");
        }
        Duration after = keys.duration("after", Duration.ofSeconds(10), Duration.ZERO, LONGEST_AFTER);
        Duration longest = keys.duration("longest", Duration.ofMinutes(10), Duration.ZERO, LONGEST_AFTER);
        if (longest.compareTo(after) < 0) {
            keys.problem(keys.has("longest") ? "longest" : "after", "after must be no longer than longest");
        }
        return new FlightSettings(
                name,
                keys.duration("before", Duration.ofSeconds(60), Duration.ZERO, LONGEST_BEFORE),
                after,
                longest,
                keys.bytes("memory", DEFAULT_MEMORY, FlightRing.LEAST_BYTES, MOST_MEMORY),
                keys.flag("on-loss", false),
                new DumpFiles.Settings(
                        folder(keys),
                        name,
                        "name",
                        FileMode.read(keys),
                        keys.number("keep-files", 0, 0, Integer.MAX_VALUE),
                        keys.flag("sync", true)));
    }

    private static Path folder(HandlerSettings keys) {
        String folder = keys.text("folder", DEFAULT_FOLDER);
        try {
            if (!folder.isBlank()) {
                return Path.of(folder);
            }
            keys.problem("folder", "must not be empty");
        } catch (InvalidPathException e) {
            keys.problem("folder", "is no path: " + e.getReason());
        }
        return Path.of(DEFAULT_FOLDER);
    }
}
