package io.ringtap.daemon.control.tap;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes the blocks of a pcapng stream other than its frames'; option codes are those of draft-ietf-opsawg-pcapng. */
final class TapBlocks {
    /** Bytes of interface statistics. */
    static final int STATISTICS_BYTES = 20 + 3 * 12 + 4 + 4;

    private static final int SECTION_HEADER = 0x0a0d0d0a;
    private static final int BYTE_ORDER_MAGIC = 0x1a2b3c4d;
    private static final int INTERFACE_DESCRIPTION = 1;
    private static final int INTERFACE_STATISTICS = 5;
    private static final int LINKTYPE_ETHERNET = 1;
    private static final byte NANOSECONDS = 9;

    private TapBlocks() {}

    /**
     * What a stream begins with.
     *
     * @param interfaces the names of its interfaces, whose numbers are their places
     * @param filter which frames it has; empty for all
     */
    static void header(ByteBuffer out, List<String> interfaces, String filter, int snaplenBytes) {
        int section = begin(out, SECTION_HEADER);
        out.putInt(BYTE_ORDER_MAGIC).putShort((short) 1).putShort((short) 0).putLong(-1); // of any length
        text(out, 4, "ringtap"); // shb_userappl
        end(out, section);
        for (String name : interfaces) {
            int description = begin(out, INTERFACE_DESCRIPTION);
            out.putShort((short) LINKTYPE_ETHERNET).putShort((short) 0).putInt(snaplenBytes);
            text(out, 2, name); // if_name
            option(out, 9, new byte[] {NANOSECONDS}); // if_tsresol
            if (!filter.isEmpty()) {
                text(out, 11, "\0" + filter); // if_filter; 0: a string of libpcap's
            }
            end(out, description);
        }
    }

    /** What an interface has come to: frames that its filter let pass, and of them those shed. */
    static void statistics(ByteBuffer out, int interfaceId, long nowNanos, long received, long shed) {
        int start = begin(out, INTERFACE_STATISTICS);
        out.putInt(interfaceId).putInt((int) (nowNanos >>> 32)).putInt((int) nowNanos);
        number(out, 4, received); // isb_ifrecv
        number(out, 5, shed); // isb_ifdrop
        number(out, 8, received - shed); // isb_usrdeliv
        end(out, start);
    }

    private static int begin(ByteBuffer out, int type) {
        int start = out.position();
        out.putInt(type).putInt(0);
        return start;
    }

    private static void end(ByteBuffer out, int start) {
        out.putInt(0); // opt_endofopt
        int length = out.position() + 4 - start;
        out.putInt(length).putInt(start + 4, length);
    }

    private static void text(ByteBuffer out, int code, String text) {
        option(out, code, text.getBytes(StandardCharsets.UTF_8));
    }

    private static void number(ByteBuffer out, int code, long value) {
        out.putShort((short) code).putShort((short) Long.BYTES).putLong(value);
    }

    private static void option(ByteBuffer out, int code, byte[] value) {
        out.putShort((short) code).putShort((short) value.length).put(value);
        while ((out.position() & 3) != 0) {
            out.put((byte) 0);
        }
    }
}
