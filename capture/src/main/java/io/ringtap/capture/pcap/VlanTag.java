package io.ringtap.capture.pcap;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;

/** The VLAN tag that the kernel takes off a frame and gives beside it. */
final class VlanTag {
    static final int BYTES = 4;

    /** Where the tag belongs: a frame that was cut before it keeps none. */
    static final int ADDRESSES_BYTES = 12;

    /** Bits of tp_status. */
    static final int STATUS_VALID = 1 << 4;

    private static final int STATUS_TPID_VALID = 1 << 6;

    /** The types of tags that the kernel takes off. */
    static final int ETHERTYPE_VLAN = 0x8100;

    static final int ETHERTYPE_SERVICE_VLAN = 0x88a8;

    private VlanTag() {}

    /**
     * Puts the tag back behind the addresses; libpcap has reserved the room before them.
     *
     * @param data the address of the frame
     * @return the address of the frame with its tag
     */
    static long insert(long data, int status, int tci, int tpid) {
        MemorySegment memory = Libpcap.MEMORY;
        long start = data - BYTES;
        MemorySegment.copy(memory, data, memory, start, ADDRESSES_BYTES);
        int type = (status & STATUS_TPID_VALID) != 0 ? tpid : ETHERTYPE_VLAN;
        long tag = start + ADDRESSES_BYTES;
        memory.set(JAVA_BYTE, tag, (byte) (type >> 8));
        memory.set(JAVA_BYTE, tag + 1, (byte) type);
        memory.set(JAVA_BYTE, tag + 2, (byte) (tci >> 8));
        memory.set(JAVA_BYTE, tag + 3, (byte) tci);
        return start;
    }
}
