package io.ringtap.capture;

import io.ringtap.ledger.SpillCounts;
import java.nio.file.Path;
import java.util.Locale;

/**
 * The room on a disk for what a detached worker's queue does not hold.
 *
 * @param limitBytes the most that it takes on each kernel ring
 * @param folder where it is: a folder of its own there for each worker, capture and kernel ring
 * @param resume whether what is left there at a stop, or by a process that was killed, is handled at the next start
 */
public record SpillConfig(long limitBytes, Path folder, boolean resume) {
    /** Where the service may write. */
    public static final Path DEFAULT_FOLDER = Path.of("/var/lib/ringtap");

    /** Room for several segments. */
    public static final long MIN_BYTES = 16L << 20;

    /** 3.5 hours at 350,000 frames a second of 200 bytes: more is a calculation that never catches up. */
    public static final long MAX_BYTES = 1L << 40;

    /** Half of it is the queue, the rest is on its way to the disk and back, with room for the largest frames. */
    public static final long MIN_QUEUE_BYTES = 4L << 20;

    /** What a record has before the frame, and behind it up to a multiple of 8: see {@code SpillChunk}. */
    private static final int RECORD_BYTES = 24;

    /**
     * Says how long it lasts while a worker handles nothing, for frames of {@link RingReport#TYPICAL_FRAME_BYTES}.
     *
     * @param framesPerSecond what comes, on all kernel rings together
     */
    public String lasts(String worker, String capture, double framesPerSecond, int rings) {
        long frames = limitBytes * rings / (RECORD_BYTES + RingReport.TYPICAL_FRAME_BYTES);
        return String.format(
                Locale.ROOT,
                "worker %s: a spill of %,d MiB%s holds %,d frames of %d bytes: %s at the %,.0f/s of capture %s, if none is"
                        + " handled",
                worker,
                limitBytes >> 20,
                rings == 1 ? "" : " on each of " + rings + " kernel rings",
                frames,
                RingReport.TYPICAL_FRAME_BYTES,
                SpillCounts.time(frames / framesPerSecond),
                framesPerSecond,
                capture);
    }
}
