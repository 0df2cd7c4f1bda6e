package io.ringtap.inject.config;

import io.ringtap.frame.Frame;
import io.ringtap.inject.template.CompiledTemplate;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The Ethernet header of a stream's frames, by which they are known when they come back. VLAN tags are not looked at: some
 * kernels and drivers keep them beside the frame.
 *
 * @param start the destination, and the source's first two bytes
 * @param end the source's other four bytes
 */
public record EtherAddresses(long start, int end) implements Predicate<Frame> {
    private static final int BYTES = 12;

    /** Those of a frame, which must hold its addresses. */
    public static EtherAddresses of(byte[] frame) {
        ByteBuffer header = ByteBuffer.wrap(frame, 0, BYTES);
        return new EtherAddresses(header.getLong(), header.getInt());
    }

    /** Those of all frames of a template; absent if they vary, or the frames do not hold them. */
    public static Optional<EtherAddresses> of(CompiledTemplate template) {
        byte[] frame = template.bytes(0);
        return frame.length < BYTES || template.variesBefore(BYTES) ? Optional.empty() : Optional.of(of(frame));
    }

    @Override
    public boolean test(Frame frame) {
        return frame.length() >= BYTES && frame.intAt(8) == end && frame.longAt(0) == start;
    }

    /** A pcap-filter(7) expression that is true of the same frames. */
    public String filter() {
        return String.format(
                "ether[0:4] = 0x%08x and ether[4:4] = 0x%08x and ether[8:4] = 0x%08x", start >>> 32, (int) start, end);
    }
}
