package io.ringtap.daemon.systemd;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** For Flight Recorder: what the watchdog is about to end this process for. */
@Name("io.ringtap.Hang")
@Label("Hang")
@Category("ringtap")
@Description("A thread that has work has not moved for half of the unit's WatchdogSec")
@StackTrace(false)
final class HangEvent extends Event {
    @Label("Threads")
    String threads;

    @Label("Still")
    @Description("Since when they have not moved")
    @Timespan(Timespan.NANOSECONDS)
    long still;
}
