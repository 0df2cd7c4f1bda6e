package io.ringtap.handler;

import io.ringtap.frame.Frame;
import io.ringtap.frame.FrameHandler;
import io.ringtap.frame.HandlerContext;
import io.ringtap.frame.HandlerSettings;
import io.ringtap.frame.TimeText;
import java.util.HexFormat;
import java.util.Locale;

/**
 * Logs every Nth frame of its thread in one line: key {@code every}, 1,000,000 by default. However small that is, a thread logs
 * so many lines a second at most, and counts the rest: {@link HandlerContext#log}.
 */
public final class LogHandler implements FrameHandler {
    private static final HexFormat MAC = HexFormat.ofDelimiter(":");
    private static final int ADDRESSES = 12;

    private final long every;
    private long seen;
    private HandlerContext context;

    /** Reads its key. */
    public LogHandler(HandlerSettings settings) {
        every = settings.number("every", 1_000_000, 1, Long.MAX_VALUE);
    }

    @Override
    public void onStart(HandlerContext handlerContext) {
        context = handlerContext;
    }

    @Override
    public void onFrame(Frame frame) {
        if (++seen % every == 0) {
            context.log(line(frame));
        }
    }

    private String line(Frame frame) {
        return String.format(
                Locale.ROOT,
                "%s %s frame %d of thread %d: %s, type 0x%04x, %d of %d bytes",
                TimeText.ofEpochNanos(frame.timestampNanos()),
                context.captureName(),
                seen,
                context.thread(),
                addresses(frame),
                frame.etherType(),
                frame.length(),
                frame.originalLength());
    }

    private static String addresses(Frame frame) {
        if (frame.length() < ADDRESSES) {
            return "cut before its addresses";
        }
        byte[] bytes = new byte[ADDRESSES];
        frame.copyTo(0, bytes, 0, ADDRESSES);
        return MAC.formatHex(bytes, 6, 12) + " > " + MAC.formatHex(bytes, 0, 6);
    }
}
