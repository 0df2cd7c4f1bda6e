package io.ringtap.frame;

/** Has flight recorders, by name, write what they hold to a file. Never waits; safe on every thread. */
public interface Recordings {
    /** Where there is no flight recorder: refuses everything. */
    Recordings NONE = (_, _) -> false;

    /**
     * Has every flight recorder of a name begin a dump, or prolong the one that an event has begun before: of the frames that it
     * holds, and of those to come.
     *
     * @param reason a line, which is told in the file
     * @return false if there is no such flight recorder, or too many dumps are under way
     */
    boolean dump(String recorder, String reason);

    /**
     * The same of something that was at a time, by the frames' clock.
     *
     * @param atNanos nanoseconds since 1970-01-01T00:00Z, as {@link Frame#timestampNanos}
     */
    default boolean dump(String recorder, String reason, long atNanos) {
        return dump(recorder, reason);
    }

    /** The same for somebody whom the file names. */
    default Recordings by(String who) {
        return this;
    }
}
