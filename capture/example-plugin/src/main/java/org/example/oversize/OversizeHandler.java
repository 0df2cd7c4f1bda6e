package org.example.oversize;

import io.ringtap.frame.Frame;
import io.ringtap.frame.FrameHandler;
import io.ringtap.frame.FrameSender;
import io.ringtap.frame.HandlerContext;
import io.ringtap.frame.HandlerSettings;
import io.ringtap.ledger.Counter;
import io.ringtap.ledger.Gauge;
import java.nio.ByteBuffer;
import java.util.HexFormat;

/**
 * Counts frames of more than {@code above} bytes (1,514 by default), and those that it reported: each is answered by a frame
 * with its size to the address {@code report-to}. Logs the largest so far.
 */
final class OversizeHandler implements FrameHandler {
    private static final short ETHERTYPE = (short) 0x88b5; // IEEE 802: for local experiments

    private final long above;
    private final byte[] reportTo;
    private HandlerContext context;
    private FrameSender sender;
    private Counter oversize;
    private Counter reported;
    private Gauge largest;

    OversizeHandler(HandlerSettings settings) {
        above = settings.number("above", 1_514, 0, 65_535);
        reportTo = address(settings, settings.text("report-to", "ff:ff:ff:ff:ff:ff"));
    }

    private static byte[] address(HandlerSettings settings, String text) {
        if (!text.matches("(\\p{XDigit}{2}:){5}\\p{XDigit}{2}")) {
            settings.problem("report-to", "must be an address such as \"02:00:5e:00:53:01\"");
            return new byte[6];
        }
        return HexFormat.ofDelimiter(":").parseHex(text);
    }

    @Override
    public void onStart(HandlerContext handlerContext) {
        context = handlerContext;
        sender = context.sender();
        oversize = context.counter("frames", "oversize");
        reported = context.counter("frames", "reported");
        largest = context.gauge("bytes", "largest");
    }

    @Override
    public void onFrame(Frame frame) {
        int length = frame.originalLength();
        if (length <= above) {
            return;
        }
        oversize.add(1);
        if (length > largest.value()) {
            largest.set(length);
            context.log("largest frame so far: " + length + " bytes");
        }
        byte[] report = new byte[60];
        ByteBuffer.wrap(report).put(reportTo).put(reportTo).putShort(ETHERTYPE).putInt(length);
        reported.add(sender.send(report) ? 1 : 0);
    }
}
