package io.ringtap.inject.replay;

import io.ringtap.capture.InvalidConfigException;
import io.ringtap.capture.InvalidConfigException.Problem;
import java.nio.file.Path;
import java.util.List;

/**
 * The frames of a capture file, to be sent as they are or rewritten. Immutable and valid; what the file holds, {@link
 * ReplayFacts} says.
 *
 * @param file a pcap or pcapng file of Ethernet frames
 * @param loops how often it is sent, 0 for ever
 * @param rewrite what is changed in each frame
 * @param cutFrames what becomes of frames of which the file holds only the beginning
 * @param longFrames what becomes of frames that are longer than the interface's MTU allows
 */
public record Replay(Path file, long loops, Rewrite rewrite, CutFrames cutFrames, LongFrames longFrames) {
    /** What becomes of frames of which the file holds only the beginning, as its snaplen was shorter. */
    public enum CutFrames {
        /** The file is refused. */
        REFUSE,
        /** What there is of them is sent. */
        SEND,
        /** Zeros make up for what is missing. */
        PAD
    }

    /** What becomes of frames that are longer than the interface's MTU allows. */
    public enum LongFrames {
        /** The file is refused. */
        REFUSE,
        /** Each is counted as failed when it falls due. */
        COUNT
    }

    /** Checks it. @throws InvalidConfigException with the keys {@code replay}, {@code loops} */
    public Replay {
        if (loops < 0) {
            throw new InvalidConfigException(
                    List.of(new Problem("loops", "must be 0 (for ever) or more, not " + loops)));
        }
        if (file.toString().isBlank()) {
            throw new InvalidConfigException(List.of(new Problem("replay", "must not be empty")));
        }
    }

    /** A file that is sent once, as it is. */
    public static Replay of(Path file) {
        return new Replay(file, 1, Rewrite.NONE, CutFrames.REFUSE, LongFrames.REFUSE);
    }
}
