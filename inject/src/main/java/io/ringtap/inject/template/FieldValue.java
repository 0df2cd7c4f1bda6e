package io.ringtap.inject.template;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.pcap4j.util.MacAddress;

/**
 * The value of a field: a number without sign, of up to 128 bits.
 *
 * @param high its upper 64 bits; 0 for all but IPv6 addresses
 * @param low its lower 64 bits
 */
public record FieldValue(long high, long low) {
    /** A number of up to 64 bits, without sign. */
    public static FieldValue of(long low) {
        return new FieldValue(0, low);
    }

    /** A hardware address. */
    public static FieldValue of(MacAddress address) {
        return of(ByteBuffer.wrap(address.getAddress()));
    }

    /** An IPv4 or IPv6 address. */
    public static FieldValue of(InetAddress address) {
        return of(ByteBuffer.wrap(address.getAddress()));
    }

    private static FieldValue of(ByteBuffer bytes) {
        long high = 0;
        long low = 0;
        while (bytes.hasRemaining()) {
            high = high << 8 | low >>> 56;
            low = low << 8 | (bytes.get() & 0xff);
        }
        return new FieldValue(high, low);
    }

    /** As a hardware address. */
    public MacAddress toMac() {
        return MacAddress.getByAddress(bytes(MacAddress.SIZE_IN_BYTES));
    }

    Inet4Address toIpv4() {
        return (Inet4Address) toAddress(4);
    }

    Inet6Address toIpv6() {
        byte[] bytes = bytes(16);
        try {
            return Inet6Address.getByAddress(null, bytes, -1); // -1: as it is, even if it maps an IPv4 address
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private InetAddress toAddress(int count) {
        try {
            return InetAddress.getByAddress(bytes(count));
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    /** Its last {@code count} bytes, the most significant first. */
    private byte[] bytes(int count) {
        byte[] all = ByteBuffer.allocate(16).putLong(high).putLong(low).array();
        return Arrays.copyOfRange(all, 16 - count, 16);
    }

    /** Returns whether it is more than another, both without sign. */
    boolean isMoreThan(FieldValue other) {
        return high == other.high
                ? Long.compareUnsigned(low, other.low) > 0
                : Long.compareUnsigned(high, other.high) > 0;
    }
}
