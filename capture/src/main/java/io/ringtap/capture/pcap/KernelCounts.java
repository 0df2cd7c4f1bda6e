package io.ringtap.capture.pcap;

import io.ringtap.capture.CaptureSource.SourceCounts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.pcap4j.core.NotOpenException;
import org.pcap4j.core.PcapHandle;
import org.pcap4j.core.PcapNativeException;
import org.pcap4j.core.PcapStat;

/**
 * libpcap's 32-bit statistics, added up in 64 bits: they must be looked at before they wrap, which at 10 million frames a
 * second takes seven minutes. Any thread.
 */
final class KernelCounts {
    private static final long WRAP = 1L << 32;

    private final PcapHandle handle;
    private final boolean interfaceReports;

    private long lastReceived;
    private long lastDropped;
    private long lastInterfaceDropped;
    private long received;
    private long dropped;
    private long interfaceDropped;
    private boolean frozen;

    KernelCounts(PcapHandle handle, String interfaceName, boolean promiscuous) {
        this.handle = handle;
        // libpcap reads ps_ifdrop there, and only for a promiscuous handle; without the file it would say 0.
        interfaceReports = promiscuous
                && Files.isReadable(Path.of(
                        "/sys/class/net", InterfaceQuery.deviceName(interfaceName), "statistics", "rx_missed_errors"));
    }

    /**
     * Makes everything counted so far count as nothing; the socket must reject all frames by now.
     *
     * @return frames accepted so far that are still in the ring
     */
    synchronized long startFromHere() {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2)); // a delivery under the old filter may be under way
        update();
        long inRing = received - dropped;
        received = 0;
        dropped = 0;
        interfaceDropped = 0;
        return inRing;
    }

    synchronized SourceCounts now() {
        update();
        return new SourceCounts(
                received, dropped, 0, interfaceReports ? OptionalLong.of(interfaceDropped) : OptionalLong.empty());
    }

    /** Takes a last look; from now on the counts stay. */
    synchronized void freeze() {
        update();
        frozen = true;
    }

    private void update() {
        if (frozen) {
            return;
        }
        PcapStat stat;
        try {
            stat = handle.getStats();
        } catch (PcapNativeException | NotOpenException e) {
            return; // an interface that is gone has no more to count
        }
        received += since(stat.getNumPacketsReceived(), lastReceived);
        dropped += since(stat.getNumPacketsDropped(), lastDropped);
        // The interface's own counter begins anew with a driver that is loaded anew, and ends with the interface.
        interfaceDropped += Math.max(0, (int) (stat.getNumPacketsDroppedByIf() - lastInterfaceDropped));
        lastReceived = stat.getNumPacketsReceived();
        lastDropped = stat.getNumPacketsDropped();
        lastInterfaceDropped = stat.getNumPacketsDroppedByIf();
    }

    /** The difference of two looks at a 32-bit counter. */
    static long since(long now, long last) {
        return Math.floorMod(now - last, WRAP);
    }
}
