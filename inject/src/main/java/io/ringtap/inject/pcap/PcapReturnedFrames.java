package io.ringtap.inject.pcap;

import io.ringtap.capture.pcap.PacketSocket;
import io.ringtap.inject.EtherAddresses;
import io.ringtap.inject.ReturnedFrames;
import java.util.Optional;
import org.pcap4j.core.BpfProgram.BpfCompileMode;
import org.pcap4j.core.NotOpenException;
import org.pcap4j.core.PcapAccess;
import org.pcap4j.core.PcapAccess.Activated;
import org.pcap4j.core.PcapHandle;
import org.pcap4j.core.PcapNativeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts frames by a kernel filter, on a handle of its own whose ring is a page: none is ever read, for the kernel counts those
 * that find the ring full, too. A frame that arrives costs the kernel some ten nanoseconds more.
 */
public final class PcapReturnedFrames implements ReturnedFrames {
    private static final Logger LOG = LoggerFactory.getLogger(PcapReturnedFrames.class);
    private static final int RING_BYTES = 4096;
    private static final int SNAPLEN_BYTES = 64;
    private static final int TIMEOUT_MILLIS = 1000;

    private final PcapHandle handle;
    private int last;

    private PcapReturnedFrames(PcapHandle handle) {
        this.handle = handle;
    }

    /**
     * Counts from now on.
     *
     * @param outgoingToo whether frames count that this machine sends there, as the capture takes them too
     * @return absent, which is logged, if the interface cannot be opened
     */
    public static Optional<ReturnedFrames> open(String interfaceName, EtherAddresses addresses, boolean outgoingToo) {
        try {
            Activated activated =
                    PcapAccess.activate(interfaceName, SNAPLEN_BYTES, false, true, TIMEOUT_MILLIS, RING_BYTES);
            PcapReturnedFrames returned = new PcapReturnedFrames(activated.handle());
            try {
                if (!outgoingToo) {
                    PacketSocket.of(activated).ignoreOutgoing();
                }
                activated.handle().setFilter(addresses.filter(), BpfCompileMode.OPTIMIZE);
                return Optional.of(returned);
            } catch (PcapNativeException | NotOpenException | RuntimeException e) {
                returned.close();
                throw e;
            }
        } catch (PcapAccess.RefusedException | PcapNativeException | NotOpenException e) {
            LOG.warn("{}: no guard against a loop of injected frames: {}", interfaceName, e.getMessage());
            return Optional.empty();
        }
    }

    @Override
    public int count() {
        try {
            last = (int) handle.getStats().getNumPacketsReceived();
        } catch (PcapNativeException | NotOpenException e) {
            LOG.debug("the interface is gone", e);
        }
        return last;
    }

    @Override
    public void close() {
        if (handle.isOpen()) {
            handle.close();
        }
    }
}
