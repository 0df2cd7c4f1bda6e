package org.pcap4j.core;

import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.util.function.Predicate;
import org.pcap4j.core.NativeMappings.PcapErrbuf;
import org.pcap4j.core.NativeMappings.PcapLibrary;
import org.pcap4j.core.PcapHandle.TimestampPrecision;

/**
 * Access to members that pcap4j keeps to its package. It opens interfaces and files through pcap4j's own bindings, for its
 * public ways in keep the {@code pcap_t} that the read loop needs to themselves, and its builder leaks the handle when
 * activation fails and drops libpcap's warnings.
 */
public final class PcapAccess {
    /** From pcap/pcap.h: the device has no nanosecond time stamps. */
    private static final int PCAP_ERROR_TSTAMP_PRECISION_NOTSUP = -12;

    private static final int PCAP_TSTAMP_PRECISION_NANO = 1;

    /** libpcap's immediate mode has slots of the snaplen's size, in a ring of as little as a page. */
    private static final int UNREAD_RING_BYTES = 4096;

    private static final int UNREAD_SNAPLEN_BYTES = 64;

    /** Never used: immediate mode has no time-out. libpcap wants one above 0. */
    private static final int UNREAD_TIMEOUT_MILLIS = 1000;

    private PcapAccess() {}

    /**
     * An activated handle.
     *
     * @param handle pcap4j's handle, which owns the {@code pcap_t}
     * @param address the {@code pcap_t}
     * @param nanoseconds whether times come in nanoseconds, not microseconds
     * @param warningCode libpcap's positive status, 0 for none
     * @param warning its text
     */
    public record Activated(PcapHandle handle, long address, boolean nanoseconds, int warningCode, String warning) {}

    /** libpcap refused; the status is one of its {@code PCAP_ERROR_} codes. */
    public static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1;
        private final int status;

        RefusedException(int status, String text) {
            super(text);
            this.status = status;
        }

        /** libpcap's negative status. */
        public int status() {
            return status;
        }
    }

    /**
     * Creates and activates a handle to read from, with times in nanoseconds where the device has them.
     *
     * @param timeoutMillis the block-retire time of TPACKET_V3
     */
    public static Activated activate(
            String device, int snaplen, boolean promiscuous, boolean immediate, int timeoutMillis, int bufferBytes)
            throws RefusedException {
        return activate(device, pcap -> {
            NativeMappings.pcap_set_snaplen(pcap, snaplen);
            NativeMappings.pcap_set_promisc(pcap, promiscuous ? 1 : 0);
            NativeMappings.pcap_set_timeout(pcap, timeoutMillis);
            NativeMappings.pcap_set_buffer_size(pcap, bufferBytes);
            PcapLibrary.INSTANCE.pcap_set_immediate_mode(pcap, immediate ? 1 : 0);
            return PcapLibrary.INSTANCE.pcap_set_tstamp_precision(pcap, PCAP_TSTAMP_PRECISION_NANO)
                    != PCAP_ERROR_TSTAMP_PRECISION_NOTSUP;
        });
    }

    /**
     * Creates and activates a handle that is never read from, to send or to count on: its ring is a page, and its times are
     * microseconds. For nanoseconds libpcap sets SO_TIMESTAMPNS, and as long as any socket has that, Linux looks at the clock for
     * each frame that arrives on any interface.
     */
    public static Activated activateUnread(String device) throws RefusedException {
        return activate(device, pcap -> {
            NativeMappings.pcap_set_snaplen(pcap, UNREAD_SNAPLEN_BYTES);
            NativeMappings.pcap_set_timeout(pcap, UNREAD_TIMEOUT_MILLIS);
            NativeMappings.pcap_set_buffer_size(pcap, UNREAD_RING_BYTES);
            PcapLibrary.INSTANCE.pcap_set_immediate_mode(pcap, 1);
            return false;
        });
    }

    private static Activated activate(String device, Predicate<Pointer> setUp) throws RefusedException {
        PcapErrbuf error = new PcapErrbuf();
        Pointer pcap = NativeMappings.pcap_create(device, error);
        if (pcap == null) {
            throw new RefusedException(-1, error.toString());
        }
        boolean nanoseconds = setUp.test(pcap);
        int status = NativeMappings.pcap_activate(pcap);
        String text = status == 0 ? "" : errorText(pcap, status);
        if (status < 0) {
            NativeMappings.pcap_close(pcap);
            throw new RefusedException(status, text);
        }
        TimestampPrecision precision = nanoseconds ? TimestampPrecision.NANO : TimestampPrecision.MICRO;
        return new Activated(new PcapHandle(pcap, precision), Pointer.nativeValue(pcap), nanoseconds, status, text);
    }

    /**
     * An open capture file.
     *
     * @param handle pcap4j's handle, which owns the {@code pcap_t}
     * @param address the {@code pcap_t}; valid until the handle is closed
     */
    public record OpenFile(PcapHandle handle, long address) {}

    /** Opens a capture file whose times shall be nanoseconds. @throws PcapNativeException with libpcap's text */
    public static OpenFile openFile(String path) throws PcapNativeException {
        PcapErrbuf error = new PcapErrbuf();
        Pointer pcap =
                PcapLibrary.INSTANCE.pcap_open_offline_with_tstamp_precision(path, PCAP_TSTAMP_PRECISION_NANO, error);
        if (pcap == null) {
            throw new PcapNativeException(error.toString());
        }
        return new OpenFile(new PcapHandle(pcap, TimestampPrecision.NANO), Pointer.nativeValue(pcap));
    }

    /** The address of a function, in the very library that pcap4j uses: a pcap_t must not meet another one. */
    public static long function(String name) {
        return Pointer.nativeValue(
                NativeLibrary.getInstance(NativeMappings.PCAP_LIB_NAME).getFunction(name));
    }

    /** A compiled filter as the kernel takes it: 8 bytes an instruction, {@code struct sock_filter}. */
    public static byte[] instructions(BpfProgram program) {
        Pointer compiled = program.getProgram().getPointer(); // struct bpf_program: a 32-bit count, and a pointer
        return compiled.getPointer(8).getByteArray(0, compiled.getInt(0) * 8);
    }

    private static String errorText(Pointer pcap, int status) {
        String text = NativeMappings.pcap_geterr(pcap).getString(0);
        return text.isEmpty() ? "status " + status : text;
    }
}
