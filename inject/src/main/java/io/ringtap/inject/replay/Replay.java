package io.ringtap.inject.replay;

import io.ringtap.capture.InvalidConfigException;
import io.ringtap.capture.InvalidConfigException.Problem;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The frames of a capture file, to be sent as they are or rewritten. Immutable and valid; what the file holds, {@link
 * ReplayFacts} says.
 *
 * @param file a pcap or pcapng file of Ethernet frames, or of what can be made such frames by the rewrite's addresses
 * @param loops how often it is sent, 0 for ever
 * @param rewrite what is changed in each frame
 * @param cutFrames what becomes of frames of which the file holds only the beginning
 * @param longFrames what becomes of frames that are longer than the interface's MTU allows
 * @param shortFrames what becomes of frames that are shorter than an Ethernet header
 * @param maxGap the longest pause between two frames in the file's time: longer ones are shortened; absent for as they are
 */
public record Replay(
        Path file,
        long loops,
        Rewrite rewrite,
        CutFrames cutFrames,
        LongFrames longFrames,
        ShortFrames shortFrames,
        Optional<Duration> maxGap) {
    /** The treatment of frames of which the file holds only the beginning, as its snaplen was shorter. */
    public enum CutFrames {
        /** The file is refused. */
        REFUSE,
        /** What there is of them is sent. */
        SEND,
        /** Zeros make up for what is missing. */
        PAD
    }

    /** The treatment of frames that are longer than the interface's MTU allows. */
    public enum LongFrames {
        /** The file is refused. */
        REFUSE,
        /** Each is counted as failed when it falls due. */
        COUNT
    }

    /** The treatment of frames that are shorter than an Ethernet header, which no interface takes. */
    public enum ShortFrames {
        /** The file is refused. */
        REFUSE,
        /** Each is counted as failed when it falls due. */
        COUNT
    }

    /** One that refuses frames that are too short, and keeps every pause. */
    public Replay(Path file, long loops, Rewrite rewrite, CutFrames cutFrames, LongFrames longFrames) {
        this(file, loops, rewrite, cutFrames, longFrames, ShortFrames.REFUSE, Optional.empty());
    }

    /** Checks it. @throws InvalidConfigException with the keys {@code replay}, {@code loops}, {@code max-gap} */
    public Replay {
        if (maxGap.filter(gap -> !gap.isPositive()).isPresent()) {
            throw new InvalidConfigException(List.of(new Problem("max-gap", "must be more than 0")));
        }
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
