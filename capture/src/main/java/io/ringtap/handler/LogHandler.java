package io.ringtap.handler;

import io.ringtap.frame.Frame;
import io.ringtap.frame.FrameHandler;
import io.ringtap.frame.HandlerContext;
import io.ringtap.frame.HandlerSettings;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Locale;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs every Nth frame of its thread in one line: key {@code every}, 1,000,000 by default. */
public final class LogHandler implements FrameHandler {
    private static final Logger LOG = LoggerFactory.getLogger(LogHandler.class);
    private static final HexFormat MAC = HexFormat.ofDelimiter(":");
    private static final int ADDRESSES = 12;

    private final Consumer<String> output;
    private final long every;
    private long seen;
    private HandlerContext context;

    /** Reads its key. */
    public LogHandler(HandlerSettings settings) {
        this(settings, line -> LOG.info("{}", line));
    }

    LogHandler(HandlerSettings settings, Consumer<String> output) {
        this.output = output;
        every = settings.number("every", 1_000_000, 1, Long.MAX_VALUE);
    }

    @Override
    public void onStart(HandlerContext handlerContext) {
        context = handlerContext;
    }

    @Override
    public void onFrame(Frame frame) {
        if (++seen % every == 0) {
            output.accept(line(frame));
        }
    }

    private String line(Frame frame) {
        return String.format(
                Locale.ROOT,
                "%s %s frame %d of thread %d: %s, type 0x%04x, %d of %d bytes",
                Instant.ofEpochSecond(0, frame.timestampNanos()),
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
