package io.ringtap.inject.stream;

import io.ringtap.inject.config.AskedRate;
import org.jspecify.annotations.NullMarked;

/** A command from others to the inject thread about a configured stream. */
@NullMarked
public sealed interface StreamCommand {
    /** Begins the stream anew, its count from 0 and its time from now; one that runs goes on as it is. */
    record Start() implements StreamCommand {}

    /** Ends the stream, until it is started again; what fell due and was not sent yet is left out. */
    record Stop() implements StreamCommand {}

    /** Gives a timed stream another rate, which it has at once; it stays as it was in all else. */
    record Pace(AskedRate rate) implements StreamCommand {}
}
