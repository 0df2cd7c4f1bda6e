package io.ringtap.capture;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** For Flight Recorder: from the last look at the kernel's counts before the loss to the last that saw it grow. */
@Name("io.ringtap.LossBurst")
@Label("Loss Burst")
@Category("ringtap")
@Description("A kernel ring was full, and frames were lost")
@StackTrace(false)
final class LossBurstEvent extends Event {
    @Label("Ring")
    @Description("The name of the capture's thread that reads the ring")
    String ring = "";

    @Label("Frames")
    @Description("Frames lost")
    long frames;
}
