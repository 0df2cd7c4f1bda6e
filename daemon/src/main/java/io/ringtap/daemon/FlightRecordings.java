package io.ringtap.daemon;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Recording;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The recordings of JDK Flight Recorder that are under way when the process ends. */
public final class FlightRecordings {
    private static final Logger LOG = LoggerFactory.getLogger("io.ringtap.daemon");

    /** A recording of hundreds of megabytes is copied in a quarter of it, by a machine with nothing else to do. */
    public static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private FlightRecordings() {}

    /**
     * For the JVM's shutdown: waits until Flight Recorder, which has a shutdown hook of its own, has written what it is to, for
     * 20 seconds at most. While nobody has it record, nothing of it is loaded.
     */
    static void awaitWritten() {
        if (!FlightRecorder.isInitialized()) {
            return;
        }
        try { // on a thread apart: asking waits for Flight Recorder's own lock
            Thread waiting = Thread.ofPlatform().name("recordings").daemon().start(FlightRecordings::await);
            if (!waiting.join(PATIENCE)) {
                LOG.warn(
                        "Flight Recorder has not ended its recordings within {} s: their files are not whole",
                        PATIENCE.toSeconds());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void await() {
        FlightRecorder recorder = FlightRecorder.getFlightRecorder();
        while (recorder.getRecordings().stream().anyMatch(FlightRecordings::isUnwritten)) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    /** One that has a file is closed when it has been written; others are only stopped. */
    private static boolean isUnwritten(Recording recording) {
        return switch (recording.getState()) {
            case RUNNING -> true;
            case STOPPED -> recording.getDestination() != null;
            case NEW, DELAYED, CLOSED -> false;
        };
    }
}
