package io.ringtap.inject.template;

import io.ringtap.capture.InvalidConfigException;
import io.ringtap.capture.InvalidConfigException.Problem;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.pcap4j.packet.EthernetPacket;
import org.pcap4j.packet.UnknownPacket;
import org.pcap4j.packet.namednumber.EtherType;
import org.pcap4j.util.MacAddress;

/**
 * What a stream's frames hold. Immutable and valid.
 *
 * @param destination the destination address
 * @param source the source address; absent for the sending interface's own
 * @param etherType 0x0600 to 0xffff
 * @param payload hexadecimal digits, two a byte, with or without white space between bytes; at most {@value
 *     #MAX_PAYLOAD_BYTES} bytes, though an interface's MTU is usually far less
 */
public record FrameTemplate(MacAddress destination, Optional<MacAddress> source, int etherType, String payload) {
    /** Destination, source and EtherType. */
    public static final int HEADER_BYTES = 14;

    /** The largest MTU that an interface has on Linux: the loopback's. */
    public static final int MAX_PAYLOAD_BYTES = 65_536;

    private static final int FIRST_ETHERTYPE = 0x0600;

    /** Checks everything. @throws InvalidConfigException with every problem there is */
    public FrameTemplate {
        List<Problem> problems = new ArrayList<>();
        if (destination == null) {
            problems.add(new Problem("destination", "is needed"));
        }
        if (source == null) {
            problems.add(new Problem("source", "is needed, or empty for the interface's own"));
        }
        if (etherType < FIRST_ETHERTYPE || etherType > 0xffff) {
            problems.add(new Problem(
                    "ethertype", "must be from 0x0600 to 0xffff, not 0x%x (less is a length)".formatted(etherType)));
        }
        try {
            checkLength(bytesOf(payload == null ? "" : payload));
        } catch (IllegalArgumentException e) {
            problems.add(new Problem("payload", e.getMessage()));
        }
        if (payload == null) {
            problems.add(new Problem("payload", "is needed, or empty for none"));
        }
        if (!problems.isEmpty()) {
            throw new InvalidConfigException(problems);
        }
    }

    /**
     * The frame from its destination address on, without frame check sequence. It is not padded to Ethernet's minimum of
     * 60 bytes: network cards do that on the wire, and a virtual link carries, and shows in a capture, exactly what is
     * configured.
     *
     * @param own the source address if the template has none
     */
    public byte[] compile(MacAddress own) {
        return new EthernetPacket.Builder()
                .dstAddr(destination)
                .srcAddr(source.orElse(own))
                .type(EtherType.getInstance((short) etherType))
                .payloadBuilder(new UnknownPacket.Builder().rawData(bytesOf(payload)))
                .pad(new byte[0])
                .build()
                .getRawData();
    }

    private static void checkLength(byte[] bytes) {
        if (bytes.length > MAX_PAYLOAD_BYTES) {
            throw new IllegalArgumentException(
                    "must be at most " + MAX_PAYLOAD_BYTES + " bytes, not " + bytes.length + ", however large the MTU");
        }
    }

    private static byte[] bytesOf(String payload) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(payload.length() / 2);
        int at = 0;
        while (at < payload.length()) {
            if (Character.isWhitespace(payload.charAt(at))) {
                at++;
                continue;
            }
            bytes.write(digit(payload, at) << 4 | digit(payload, at + 1));
            at += 2;
        }
        return bytes.toByteArray();
    }

    private static int digit(String payload, int at) {
        if (at == payload.length()) {
            throw new IllegalArgumentException("ends in half a byte: two hexadecimal digits make one");
        }
        char c = payload.charAt(at);
        int value = c < 0x80 ? Character.digit(c, 16) : -1;
        if (value < 0) {
            String what = Character.isWhitespace(c) ? "white space inside a byte" : "'" + c + "'";
            throw new IllegalArgumentException("has " + what + " at character " + (at + 1)
                    + ": must be hexadecimal digits, two a byte, such as \"01 02 0a\"");
        }
        return value;
    }
}
