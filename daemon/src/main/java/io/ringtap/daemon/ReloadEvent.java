package io.ringtap.daemon;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A reload, from the reading of the configuration until it is done or refused, in Java Flight Recorder. */
@Name("io.ringtap.Reload")
@Label("Reload")
@Category("ringtap")
@Description("The configuration was read again")
@StackTrace(false)
final class ReloadEvent extends Event {
    @Label("Asked By")
    String askedBy;

    @Label("Outcome")
    @Description("done or refused")
    String outcome;

    @Label("Changes")
    @Description("What has changed, or why it was refused")
    String changes;
}
