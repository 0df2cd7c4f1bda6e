package io.ringtap.capture.pcap;

import io.ringtap.capture.CaptureConfig;
import io.ringtap.capture.CaptureConfig.Direction;
import io.ringtap.capture.CaptureConfig.Mode;
import io.ringtap.capture.CaptureConfig.OwnFrames;
import io.ringtap.capture.OpenException;
import io.ringtap.ledger.DirectionHint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out why a capture of incoming frames gets none: those meant may go out, as the copies of a mirror onto the interface do.
 * While nothing has come in and the interface's transmit counter rises, a small kernel ring of outgoing frames counts those that
 * the capture's filter lets pass and that ringtap itself has not sent. For the thread that looks; {@link #frames} is for any.
 */
final class OutgoingWatch {
    private static final Logger LOG = LoggerFactory.getLogger("io.ringtap.capture");

    /** The kernel's count for each interface of the calling thread's network namespace: proc_pid_net(5). */
    private static final Path DEVICES = Path.of("/proc/thread-self/net/dev");

    /** The place of the transmitted frames among an interface's counts. */
    private static final int TRANSMITTED = 9;

    /** An interface on which nobody is sends some by itself: neighbour discovery, router solicitations. */
    private static final long LEAST_FRAMES = 100;

    private static final int SNAPLEN_BYTES = 64;

    /** Of the looks at an interface from which nothing has come, one in so many is worth a look at its counter, too. */
    private static final int LOOKS = 4;

    private LivePcapSource probe; // null: none
    private long transmitted = Long.MAX_VALUE;
    private int looks;
    private boolean over;
    private volatile long frames;

    /**
     * Looks now; says what it finds once.
     *
     * @param away whether no frame can come or go
     * @param received how many have come in
     */
    void look(CaptureConfig config, boolean away, LongSupplier received) {
        if (over || config.direction() != Direction.IN || ++looks % LOOKS != 0) {
            return;
        }
        if (received.getAsLong() > 0) {
            frames = 0;
            over = true;
            close();
        } else if (away) {
            close();
        } else if (probe == null && frames == 0) {
            lookAtCounter(config);
        } else if (probe != null && probe.counts().received() >= LEAST_FRAMES) {
            frames = probe.counts().received();
            close();
            LOG.warn("{}", DirectionHint.of(config.name(), config.origin().label(), frames));
        }
    }

    private void lookAtCounter(CaptureConfig config) {
        long now = transmitted(config.origin().label());
        if (now > transmitted) {
            open(config);
        }
        transmitted = now;
    }

    private void open(CaptureConfig config) {
        CaptureConfig outgoing = config.toBuilder()
                .mode(Mode.THROUGHPUT)
                .snaplenBytes(SNAPLEN_BYTES)
                .bufferBytes(CaptureConfig.MIN_BUFFER_BYTES)
                .promiscuous(false)
                .direction(Direction.OUT)
                .ownFrames(OwnFrames.IGNORE)
                .threads(1)
                .fanout(Set.of())
                .cpus(List.of())
                .build();
        try {
            probe = LivePcapSource.open(outgoing).getFirst();
            probe.accept();
        } catch (OpenException e) {
            close();
            LOG.debug("what goes out cannot be seen", e);
        }
    }

    private static long transmitted(String interfaceName) {
        try (Stream<String> lines = Files.lines(DEVICES)) {
            return lines.map(String::strip)
                    .filter(line -> line.startsWith(interfaceName + ":"))
                    .map(line ->
                            line.substring(interfaceName.length() + 1).strip().split("\\s+", -1))
                    .mapToLong(counts -> Long.parseLong(counts[TRANSMITTED]))
                    .findFirst()
                    .orElse(Long.MAX_VALUE);
        } catch (IOException e) {
            return Long.MAX_VALUE;
        }
    }

    /** Returns how many were seen to go out while none came in; 0 if hardly any, or some came in. */
    long frames() {
        return frames;
    }

    /** Releases what it counts with; idempotent. */
    void close() {
        if (probe != null) {
            probe.close();
            probe = null;
        }
    }
}
