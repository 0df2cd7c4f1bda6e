package io.ringtap.frame;

import io.ringtap.ledger.CaptureCounts;
import java.util.function.Supplier;

/**
 * Facts of the capture that a handler's frames come from.
 *
 * @param name its name
 * @param interfaceName the interface, or the file's path
 * @param snaplenBytes captured bytes of each frame, at most
 * @param filterNow the pcap-filter(7) expression that frames pass now; a reload may give the capture another one
 * @param threads its kernel rings, each with workers' threads of its own
 * @param tunnelPorts the UDP ports that its frames' tunnels are known by
 * @param counts what it has counted so far, all its rings together; any thread
 */
public record CaptureFacts(
        String name,
        String interfaceName,
        int snaplenBytes,
        Supplier<String> filterNow,
        int threads,
        TunnelPorts tunnelPorts,
        Supplier<CaptureCounts> counts) {
    /** Those of a capture whose filter stays, and whose tunnels have their default ports. */
    public CaptureFacts(
            String name,
            String interfaceName,
            int snaplenBytes,
            String filter,
            int threads,
            Supplier<CaptureCounts> counts) {
        this(name, interfaceName, snaplenBytes, () -> filter, threads, TunnelPorts.DEFAULT, counts);
    }

    /** The pcap-filter(7) expression that the handler's frames pass now; empty for none. Any thread. */
    public String filter() {
        return filterNow.get();
    }

    /** The same for a handler with a filter of its own, empty for none: its frames have passed both. */
    public CaptureFacts passing(String ownFilter) {
        return ownFilter.isBlank()
                ? this
                : new CaptureFacts(
                        name, interfaceName, snaplenBytes, () -> both(ownFilter), threads, tunnelPorts, counts);
    }

    private String both(String ownFilter) {
        String first = filter();
        return first.isBlank() ? ownFilter : "(" + first + ") and (" + ownFilter + ")";
    }
}
