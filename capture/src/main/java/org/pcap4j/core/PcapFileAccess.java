package org.pcap4j.core;

import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import org.pcap4j.core.NativeMappings.PcapErrbuf;
import org.pcap4j.core.NativeMappings.PcapLibrary;
import org.pcap4j.core.PcapHandle.TimestampPrecision;

/** What pcap4j keeps to its package: the pcap_t behind a handle, and the library it loaded. */
public final class PcapFileAccess {
    /** libpcap's PCAP_TSTAMP_PRECISION_NANO. */
    private static final int NANOSECONDS = 1;

    private PcapFileAccess() {}

    /**
     * An open capture file.
     *
     * @param handle pcap4j's handle, which closes it
     * @param address the pcap_t; valid until the handle is closed
     */
    public record OpenFile(PcapHandle handle, long address) {}

    /** Opens a capture file whose times shall be nanoseconds. @throws PcapNativeException with libpcap's text */
    public static OpenFile open(String path) throws PcapNativeException {
        PcapErrbuf error = new PcapErrbuf();
        Pointer pcap = PcapLibrary.INSTANCE.pcap_open_offline_with_tstamp_precision(path, NANOSECONDS, error);
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
}
