package io.ringtap.inject.pcap;

import io.ringtap.capture.pcap.InterfaceQuery;
import io.ringtap.capture.pcap.InterfaceWatch;
import io.ringtap.capture.pcap.PacketSocket;
import io.ringtap.inject.config.EtherAddresses;
import io.ringtap.inject.send.LoopedFrames;
import io.ringtap.ledger.Gap.Cause;
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
 * that find the ring full, too. A frame that arrives costs the kernel some ten nanoseconds more. When the interface goes and
 * another of its name comes, it counts on there.
 */
public final class PcapLoopedFrames implements LoopedFrames {
    private static final Logger LOG = LoggerFactory.getLogger("io.ringtap.inject");

    private final String interfaceName;
    private final String filter;
    private final boolean outgoingToo;
    private final InterfaceWatch watch;

    private PcapHandle handle; // null: none
    private int index; // of the interface that the handle is on, or that could not be opened
    private int before; // counted on handles that are closed
    private int last; // counted on this one

    private PcapLoopedFrames(String interfaceName, EtherAddresses addresses, boolean outgoingToo) {
        this.interfaceName = interfaceName;
        this.outgoingToo = outgoingToo;
        filter = addresses.filter();
        watch = new InterfaceWatch(interfaceName);
    }

    /**
     * Counts from now on.
     *
     * @param outgoingToo whether frames count that this machine sends there, as the capture takes them too
     * @return absent, which is logged, if the interface is there and cannot be opened
     */
    public static Optional<LoopedFrames> open(String interfaceName, EtherAddresses addresses, boolean outgoingToo) {
        PcapLoopedFrames returned = new PcapLoopedFrames(interfaceName, addresses, outgoingToo);
        returned.lookForInterface();
        if (returned.index != 0 && returned.handle == null) {
            returned.close();
            return Optional.empty();
        }
        return Optional.of(returned);
    }

    private void lookForInterface() {
        InterfaceWatch.Look look = watch.look();
        boolean away = look.trouble().filter(cause -> cause != Cause.NO_CARRIER).isPresent();
        int now = away && handle == null ? 0 : look.index(); // one that is down cannot be opened, but stays open
        if (now == index) {
            return;
        }
        leave();
        index = now;
        if (index != 0) {
            openHandle();
        }
    }

    private void openHandle() {
        try {
            Activated activated = PcapAccess.activateUnread(InterfaceQuery.deviceName(interfaceName));
            handle = activated.handle();
            if (!outgoingToo || InterfaceQuery.isLoopback(interfaceName)) { // as a capture there
                PacketSocket.of(activated).ignoreOutgoing();
            }
            handle.setFilter(filter, BpfCompileMode.OPTIMIZE);
        } catch (PcapAccess.RefusedException | PcapNativeException | NotOpenException e) {
            leave();
            LOG.warn("{}: no guard against a loop of injected frames: {}", interfaceName, e.getMessage());
        }
    }

    private void leave() {
        if (handle != null) {
            handle.close();
            handle = null;
        }
        before += last;
        last = 0;
    }

    @Override
    public int count() {
        lookForInterface();
        if (handle != null) {
            try {
                last = (int) handle.getStats().getNumPacketsReceived();
            } catch (PcapNativeException | NotOpenException e) {
                LOG.debug("the interface is gone", e);
            }
        }
        return before + last;
    }

    @Override
    public void close() {
        leave();
        watch.close();
    }
}
