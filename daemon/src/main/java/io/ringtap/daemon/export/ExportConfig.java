package io.ringtap.daemon.export;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * An {@code [[export]]}. Immutable.
 *
 * @param name its own
 * @param collector where it goes
 * @param transport how
 * @param workers the workers whose flows it gets; empty: all
 * @param domain the id of the observation domain, 32 bits without sign
 * @param every how often counts are sent, and over UDP templates again
 */
public record ExportConfig(
        String name,
        InetSocketAddress collector,
        Transport transport,
        List<String> workers,
        long domain,
        Duration every) {
    /** The port that IANA gave to IPFIX. */
    public static final int PORT = 4_739;

    public static final Duration DEFAULT_EVERY = Duration.ofSeconds(30);

    /** The largest id of a domain. */
    public static final long MOST_DOMAIN = 0xffff_ffffL;

    /** What IPFIX goes over. */
    public enum Transport {
        UDP,
        TCP
    }

    /** Takes a copy of the list. */
    public ExportConfig {
        workers = List.copyOf(workers);
    }
}
