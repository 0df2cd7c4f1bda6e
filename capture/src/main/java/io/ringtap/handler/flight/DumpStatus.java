package io.ringtap.handler.flight;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * What has become of a dump.
 *
 * @param id its number
 * @param recorder the flight recorder's name
 * @param capture whose frames it has
 * @param worker the flight recorder's
 * @param state how far it has come
 * @param event why it began, who has asked for it and when, in words
 * @param events how many there were: further ones have prolonged it
 * @param frames in the file
 * @param bytes in the file, without its own headers
 * @param missed frames that came while it went on and are in no file, as all memory held what was still to be written
 * @param lost frames that the disk did not take
 * @param file where it is; absent while it is written, and if there is none
 */
public record DumpStatus(
        long id,
        String recorder,
        String capture,
        String worker,
        State state,
        String event,
        int events,
        long frames,
        long bytes,
        long missed,
        long lost,
        Optional<Path> file) {
    /** How far a dump has come. */
    public enum State {
        /** Frames are written, or awaited. */
        RUNNING,
        /** The file has its name; if there was a frame. */
        DONE,
        /** The disk has taken only a part, or nothing. */
        FAILED;

        /** The name used in JSON. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
