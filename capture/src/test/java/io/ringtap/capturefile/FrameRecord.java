package io.ringtap.capturefile;

import io.ringtap.frame.Frame;
import java.util.HexFormat;

/**
 * What a reader made of one frame, comparable.
 *
 * @param hex the captured bytes
 */
public record FrameRecord(long timestampNanos, int capturedBytes, int originalBytes, int etherType, String hex) {
    public static FrameRecord of(Frame frame) {
        return new FrameRecord(
                frame.timestampNanos(),
                frame.length(),
                frame.originalLength(),
                frame.etherType(),
                HexFormat.of().formatHex(frame.toByteArray()));
    }
}
