package io.ringtap.handler.record;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** For Flight Recorder: from a file's last record to its name. */
@Name("io.ringtap.Rotation")
@Label("Rotation")
@Category("ringtap")
@Description("A file of the handler record ended, was synced, and got its name")
@StackTrace(false)
final class RotationEvent extends Event {
    @Label("File")
    String file;

    @Label("Frames")
    long frames;

    @Label("Bytes")
    long bytes;

    @Label("Reason")
    @Description("What ended the file")
    String reason;
}
