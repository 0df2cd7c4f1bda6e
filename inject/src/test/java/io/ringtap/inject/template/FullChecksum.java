package io.ringtap.inject.template;

import java.nio.ByteBuffer;

/** Checksums made anew from a frame's bytes alone, as a receiver does: RFC 1071, byte by byte. */
final class FullChecksum {
    private static final int UDP = 17;
    private static final int TCP = 6;
    private static final int ICMP = 1;

    private final ByteBuffer frame;
    private final ByteBuffer headers;
    private int at = 12;

    private FullChecksum(byte[] bytes, byte[] headers) {
        this.frame = ByteBuffer.wrap(bytes);
        this.headers = ByteBuffer.wrap(headers);
    }

    /** Says which checksum of a frame is wrong, and how; empty if none is. */
    static String fault(byte[] bytes) {
        return fault(bytes, bytes);
    }

    /** As above, for a frame that has the headers of another one, whatever its own types say. */
    static String fault(byte[] bytes, byte[] headers) {
        return new FullChecksum(bytes, headers).fault();
    }

    private String fault() {
        int type = headers.getShort(at) & 0xffff;
        while (type == 0x8100 || type == 0x88a8) {
            at += 4;
            type = headers.getShort(at) & 0xffff;
        }
        at += 2;
        return switch (type) {
            case 0x0800 -> {
                boolean first = (headers.getShort(at + 6) & 0x1fff) == 0;
                long header = sum(at, at + 20);
                yield fold(header) != 0xffff
                        ? "IPv4 header adds up to %x".formatted(fold(header))
                        : first ? transport(headers.get(at + 9), sum(at + 12, at + 20), at + 20) : "";
            }
            case 0x86dd -> transport(headers.get(at + 6), sum(at + 8, at + 40), at + 40);
            default -> "";
        };
    }

    private String transport(int protocol, long addresses, int start) {
        int end = frame.capacity();
        long sum = sum(start, end);
        if (protocol == ICMP) {
            return fold(sum) == 0xffff ? "" : "ICMP adds up to %x".formatted(fold(sum));
        }
        if (protocol != UDP && protocol != TCP && protocol != 58) {
            return "";
        }
        int stored = frame.getShort(start + (protocol == UDP ? 6 : protocol == TCP ? 16 : 2)) & 0xffff;
        if (protocol == UDP && stored == 0) {
            return "UDP has no checksum";
        }
        int all = fold(sum + addresses + protocol + end - start);
        return all == 0xffff ? "" : "protocol " + protocol + " adds up to %x".formatted(all);
    }

    private long sum(int from, int to) {
        long sum = 0;
        for (int i = from; i < to; i++) {
            sum += (frame.get(i) & 0xff) << ((i - from) % 2 == 0 ? 8 : 0);
        }
        return sum;
    }

    private static int fold(long sum) {
        return sum == 0 ? 0 : (int) ((sum - 1) % 0xffff) + 1;
    }
}
