package io.ringtap.frame;

import io.ringtap.ledger.CaptureCounts;
import java.util.function.Supplier;

/**
 * What is known of the capture that a handler's frames come from.
 *
 * @param name its name
 * @param interfaceName the interface, or the file's path
 * @param snaplenBytes captured bytes of each frame, at most
 * @param filter the pcap-filter(7) expression that the handler's frames have passed; empty for none
 * @param threads its kernel rings, each with workers' threads of its own
 * @param counts what it has counted so far, all its rings together; any thread
 */
public record CaptureFacts(
        String name,
        String interfaceName,
        int snaplenBytes,
        String filter,
        int threads,
        Supplier<CaptureCounts> counts) {
    /** The same for a handler with a filter of its own, empty for none: its frames have passed both. */
    public CaptureFacts passing(String ownFilter) {
        if (ownFilter.isBlank()) {
            return this;
        }
        String both = filter.isBlank() ? ownFilter : "(" + filter + ") and (" + ownFilter + ")";
        return new CaptureFacts(name, interfaceName, snaplenBytes, both, threads, counts);
    }
}
