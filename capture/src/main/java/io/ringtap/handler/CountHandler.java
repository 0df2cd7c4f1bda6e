package io.ringtap.handler;

import io.ringtap.frame.Frame;
import io.ringtap.frame.FrameHandler;
import io.ringtap.frame.HandlerContext;
import io.ringtap.ledger.Counter;
import java.util.Locale;

/**
 * Counts frames and bytes (as captured) by EtherType, VLAN tags looked behind. An EtherType is the sender's to choose:
 * after {@value #MOST_TYPES} different ones, new ones are counted together as "other".
 */
public final class CountHandler implements FrameHandler {
    private static final int MOST_TYPES = 64;

    private final Row[] rows = new Row[1 << 16];
    private int types;
    private Row other;

    /** Most frames are of the type of the one before: their counters are known before the frame has come from memory. */
    private int lastType = -1;

    private Counter lastFrames;
    private Counter lastBytes;
    private HandlerContext context;

    private record Row(Counter frames, Counter bytes) {}

    @Override
    public void onStart(HandlerContext handlerContext) {
        context = handlerContext;
    }

    @Override
    public void onFrame(Frame frame) {
        int type = frame.etherType();
        if (type != lastType) {
            Row row = rows[type];
            if (row == null) {
                row = rowFor(type);
                rows[type] = row;
            }
            lastFrames = row.frames();
            lastBytes = row.bytes();
            lastType = type;
        }
        lastFrames.add(1);
        lastBytes.add(frame.length());
    }

    private Row rowFor(int type) {
        if (types == MOST_TYPES) {
            if (other == null) {
                other = row("other");
            }
            return other;
        }
        types++;
        return row(name(type));
    }

    private Row row(String name) {
        return new Row(context.counter(name, "frames"), context.counter(name, "bytes"));
    }

    private static String name(int type) {
        return type == Frame.ETHERTYPE_LENGTH ? "802.3" : String.format(Locale.ROOT, "0x%04x", type);
    }
}
