package io.ringtap.capture;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** For Flight Recorder: from when a gap was seen until it was over. */
@Name("io.ringtap.Gap")
@Label("Gap")
@Category("ringtap")
@Description("No frame could come from an interface, or go to it")
@StackTrace(false)
final class GapEvent extends Event {
    @Label("Subject")
    @Description("Whose gap it is: a capture, or the streams on an interface")
    String subject = "";

    @Label("Cause")
    String cause = "";
}
