package io.ringtap.frame;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.HexFormat;

/** Addresses as people write them. */
public final class AddressText {
    private static final HexFormat HEX = HexFormat.of();
    private static final int GROUPS = 8;

    private AddressText() {}

    /** Returns an address of either kind, without the interface that it is of. */
    public static String of(InetAddress address) {
        if (!(address instanceof Inet6Address)) {
            return address.getHostAddress();
        }
        ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
        StringBuilder text = new StringBuilder();
        ipv6(text, bytes.getLong(), bytes.getLong());
        return text.toString();
    }

    /** Appends {@code 02:00:00:00:00:0a}: the low 48 bits. */
    public static void mac(StringBuilder out, long address) {
        for (int shift = 40; shift >= 0; shift -= 8) {
            out.append(HEX.toHexDigits((byte) (address >>> shift)));
            if (shift > 0) {
                out.append(':');
            }
        }
    }

    /** Appends {@code 192.0.2.1}: the low 32 bits. */
    public static void ipv4(StringBuilder out, long address) {
        for (int shift = 24; shift >= 0; shift -= 8) {
            out.append(address >>> shift & 0xff);
            if (shift > 0) {
                out.append('.');
            }
        }
    }

    /** Appends {@code 2001:db8::1}, by RFC 5952: the longest run of zeros, the first of equals, is left out. */
    public static void ipv6(StringBuilder out, long high, long low) {
        int runStart = -1;
        int runLength = 1; // a single zero is written
        for (int start = 0; start < GROUPS; start++) {
            int length = 0;
            while (start + length < GROUPS && group(high, low, start + length) == 0) {
                length++;
            }
            if (length > runLength) {
                runStart = start;
                runLength = length;
            }
        }
        for (int i = 0; i < GROUPS; i++) {
            if (i == runStart) {
                out.append("::");
                i += runLength - 1;
            } else {
                boolean behindRun = runStart >= 0 && i == runStart + runLength;
                out.append(i == 0 || behindRun ? "" : ":");
                out.append(Integer.toHexString(group(high, low, i)));
            }
        }
    }

    private static int group(long high, long low, int index) {
        long half = index < GROUPS / 2 ? high : low;
        return (int) (half >>> (48 - 16 * (index % 4))) & 0xffff;
    }
}
