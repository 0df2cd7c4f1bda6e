package io.ringtap.inject.replay;

import io.ringtap.capture.OpenException;
import io.ringtap.capture.OpenException.Reason;
import io.ringtap.inject.replay.Replay.CutFrames;
import io.ringtap.inject.replay.Replay.LongFrames;
import io.ringtap.inject.replay.Replay.ShortFrames;
import io.ringtap.inject.template.FrameTemplate;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The contents of a file that is to be replayed, told by reading all of it, so that nothing is sent of a file that cannot be
 * sent whole. Lengths are those of the rewritten frames.
 *
 * @param replay what is to be sent
 * @param frames how many frames the file holds, at least 1
 * @param bytes how long they are together, without frame check sequences
 * @param spanNanos from the first frame's time stamp to the last one's
 * @param longest the frame that needs the largest MTU
 * @param cut how many frames the file holds only the beginning of
 * @param firstCut the number of the first of them, from 1; 0 if there is none
 * @param tooShort how many frames are shorter than an Ethernet header
 * @param firstTooShort the number of the first of them, from 1; 0 if there is none
 * @param contents a CRC-32C over its frames, as they are sent, and their times: another file of the same name differs in it
 * @param cutShort says that the file is cut short, if it is; else empty
 */
public record ReplayFacts(
        Replay replay,
        long frames,
        long bytes,
        long spanNanos,
        Longest longest,
        long cut,
        long firstCut,
        long tooShort,
        long firstTooShort,
        long contents,
        String cutShort) {
    /** A year: more is a time stamp that is wrong. */
    private static final Duration MOST_SPAN = Duration.ofDays(365);

    /** Some milliseconds' work. */
    private static final int LOOK_EVERY_FRAMES = 8_192;

    /**
     * The frame that needs the largest MTU.
     *
     * @param number its number in the file, from 1
     * @param bytes its length
     * @param mtuBytes what MTU it needs
     */
    public record Longest(long number, int bytes, int mtuBytes) {}

    /**
     * Reads a file, at some millions of frames a second.
     *
     * @throws OpenException if it cannot be read, is of a link type of which no Ethernet frames can be made, or holds no frame, or
     *     the thread is interrupted
     */
    public static ReplayFacts read(Replay replay) throws OpenException {
        Longest longest = new Longest(0, 0, -1);
        ByteBuffer record = ReplayChunk.memory(RecordReader.MOST_FRAME_BYTES * 2);
        long frames = 0;
        long bytes = 0;
        long cut = 0;
        long firstCut = 0;
        long tooShort = 0;
        long firstTooShort = 0;
        CRC32C contents = new CRC32C();
        try (RecordReader reader = RecordReader.open(replay)) {
            while (reader.next()) {
                frames++;
                if (frames % LOOK_EVERY_FRAMES == 0 && Thread.currentThread().isInterrupted()) {
                    throw new OpenException(Reason.OTHER, refusal(replay) + "told to stop while it was read");
                }
                reader.write(record, 0);
                int length = RecordReader.length(record, 0);
                bytes += length;
                contents.update(record.slice(0, Long.BYTES)); // its time
                contents.update(record.slice(RecordReader.beginning(record, 0), length));
                int needed = HeaderRewrite.neededMtuBytes(record, RecordReader.beginning(record, 0), length);
                if (needed > longest.mtuBytes()) {
                    longest = new Longest(frames, length, needed);
                }
                if (reader.isCut()) {
                    cut++;
                    firstCut = firstCut == 0 ? frames : firstCut;
                }
                if (length < FrameTemplate.HEADER_BYTES) {
                    tooShort++;
                    firstTooShort = firstTooShort == 0 ? frames : firstTooShort;
                }
            }
            if (frames == 0) {
                throw new OpenException(Reason.BAD_FILE, refusal(replay) + "it holds no frame");
            }
            return new ReplayFacts(
                    replay,
                    frames,
                    bytes,
                    reader.sinceFirstNanos(),
                    longest,
                    cut,
                    firstCut,
                    tooShort,
                    firstTooShort,
                    contents.getValue(),
                    reader.cutShort());
        }
    }

    private static String refusal(Replay replay) {
        return "cannot replay " + replay.file() + ": ";
    }

    /** Returns what keeps the file from being sent, whatever the interface, and what to do about it. */
    public Optional<String> problem() {
        if (cut > 0 && replay.cutFrames() == CutFrames.REFUSE) {
            return Optional.of(refusal(replay) + "it holds only the beginning of " + cut + " of its " + frames
                    + " frames, first of frame " + firstCut
                    + ", as its snaplen was too short: cut-frames \"send\" sends what there is of them, \"pad\" puts zeros in"
                    + " place of the rest");
        }
        if (tooShort > 0 && replay.shortFrames() == ShortFrames.REFUSE) {
            return Optional.of(refusal(replay) + tooShort + " of its " + frames
                    + " frames are shorter than the 14 bytes of an Ethernet header, first of them frame "
                    + firstTooShort
                    + ": leave them out, or have them counted as failed, by short-frames \"count\"");
        }
        return Optional.empty();
    }

    /** Returns what keeps it from being sent through an interface of that MTU. */
    public Optional<String> problem(int mtuBytes) {
        if (longest.mtuBytes() > mtuBytes && replay.longFrames() == LongFrames.REFUSE) {
            return Optional.of(refusal(replay) + "its frame " + longest.number() + " of " + longest.bytes()
                    + " bytes needs an MTU of " + longest.mtuBytes() + " bytes, and the interface's is " + mtuBytes
                    + ": raise the MTU, or have such frames counted as failed, by long-frames \"count\"");
        }
        return Optional.empty();
    }

    /** Returns why it cannot be sent at its own times; absent if it can. */
    public Optional<String> problemWithTimes() {
        if (spanNanos > MOST_SPAN.toNanos()) {
            return Optional.of(refusal(replay) + "its time stamps span "
                    + Duration.ofNanos(spanNanos).toDays() + " days, and " + MOST_SPAN.toDays()
                    + " is the most: one of them is wrong; give max-gap, a rate, or \"max\"");
        }
        return replay.loops() != 1 && spanNanos == 0
                ? Optional.of(
                        refusal(replay) + "its frames all have the same time, so that loops have no pace of their own:"
                                + " give a rate, or \"max\"")
                : Optional.empty();
    }

    /** Returns how many frames all loops have together; 0 for ever. */
    public long framesInLoops() {
        boolean tooMany = replay.loops() > Long.MAX_VALUE / frames;
        return tooMany ? Long.MAX_VALUE : replay.loops() * frames;
    }

    /**
     * From the beginning of one loop to that of the next, at the file's own times: behind the last frame comes the mean distance
     * of two frames, so that the mean rate is kept.
     */
    public long loopNanos() {
        return frames == 1 ? 0 : spanNanos + spanNanos / (frames - 1);
    }
}
