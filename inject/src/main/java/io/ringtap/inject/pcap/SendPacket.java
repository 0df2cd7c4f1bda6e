package io.ringtap.inject.pcap;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import org.pcap4j.core.PcapAccess;

/** pcap_sendpacket(3PCAP) from off-heap memory, on pcap4j's handle, without a copy and without garbage. One thread's. */
final class SendPacket {
    private static final Linker LINKER = Linker.nativeLinker();

    // Addresses go as long: a segment object a call would be garbage a frame.
    private static final MethodHandle PCAP_SENDPACKET = LINKER.downcallHandle(
            MemorySegment.ofAddress(PcapAccess.function("pcap_sendpacket")),
            FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));
    private static final MethodHandle PCAP_GETERR = LINKER.downcallHandle(
            MemorySegment.ofAddress(PcapAccess.function("pcap_geterr")), FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));
    private static final MemorySegment MEMORY = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    private final long pcap;
    private ByteBuffer memory;
    private long address;

    /** Sends on a {@code pcap_t}. */
    SendPacket(long pcap) {
        this.pcap = pcap;
    }

    /** Returns whether it was sent; if not, {@link #text} says why. */
    @SuppressWarnings("ReferenceEquality") // the same memory, whatever it holds
    boolean send(ByteBuffer from, int offset, int length) {
        if (from != memory) {
            address = MemorySegment.ofBuffer(from.duplicate().clear()).address();
            memory = from;
        }
        try {
            return (int) PCAP_SENDPACKET.invokeExact(pcap, address + offset, length) == 0;
        } catch (Throwable e) {
            throw new LinkageError("pcap_sendpacket", e);
        }
    }

    /** Returns what libpcap says of the last send, if that failed. */
    String text() {
        try {
            return MEMORY.getString((long) PCAP_GETERR.invokeExact(pcap));
        } catch (Throwable e) {
            throw new LinkageError("pcap_geterr", e);
        }
    }
}
