package io.ringtap.capture.ring;

import java.util.concurrent.TimeUnit;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** For Flight Recorder: committed when the capture goes on, so that nothing is made for a wait that is short. */
@Name("io.ringtap.Stall")
@Label("Stall")
@Category("ringtap")
@Description("A worker held its capture up for 20 ms or longer: meanwhile nothing was read from the kernel ring")
@StackTrace(false)
final class StallEvent extends Event {
    /** At 350,000 frames a second and 300 bytes a frame, a 2 MiB kernel ring, libpcap's default, is full after this long. */
    static final long LEAST_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    @Label("Capture")
    String capture;

    @Label("Worker")
    String worker;

    @Label("Held Up")
    @Description("How long, up to now")
    @Timespan(Timespan.NANOSECONDS)
    long heldUp;
}
