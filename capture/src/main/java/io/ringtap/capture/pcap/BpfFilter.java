package io.ringtap.capture.pcap;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import io.ringtap.capture.FrameFilter;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Two programs, for frames with a VLAN tag and for those without, run by libpcap's interpreter, which checks every load. */
final class BpfFilter implements FrameFilter {
    private static final int INSTRUCTION_ALIGNMENT = 8;
    private static final int TYPE_END = VlanTag.ADDRESSES_BYTES + Short.BYTES;
    private static final ValueLayout.OfShort TYPE = JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final Arena arena = Arena.ofShared();
    private final long untagged;
    private final long tagged;

    /** Takes copies of the instructions: {@code struct bpf_insn}, 8 bytes each. */
    BpfFilter(byte[] untagged, byte[] tagged) {
        this.untagged = copy(untagged);
        this.tagged = copy(tagged);
    }

    private long copy(byte[] instructions) {
        MemorySegment copy = arena.allocate(instructions.length, INSTRUCTION_ALIGNMENT);
        MemorySegment.copy(instructions, 0, copy, JAVA_BYTE, 0, instructions.length);
        return copy.address();
    }

    @Override
    public boolean matches(long address, int capturedBytes, int originalBytes) {
        long program = capturedBytes >= TYPE_END && isTagged(address) ? tagged : untagged;
        return Libpcap.runFilter(program, address, originalBytes, capturedBytes);
    }

    private static boolean isTagged(long address) {
        int type = Short.toUnsignedInt(Libpcap.MEMORY.get(TYPE, address + VlanTag.ADDRESSES_BYTES));
        return type == VlanTag.ETHERTYPE_VLAN || type == VlanTag.ETHERTYPE_SERVICE_VLAN;
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
