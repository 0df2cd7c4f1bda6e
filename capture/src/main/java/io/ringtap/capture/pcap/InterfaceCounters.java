package io.ringtap.capture.pcap;

import io.ringtap.capture.CaptureSource.InterfaceCounts;
import io.ringtap.ledger.BeforeTap;
import io.ringtap.ledger.EarlyLoss;
import io.ringtap.ledger.EarlyLoss.Cause;
import io.ringtap.ledger.Softnet;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Reads what kernel and driver count of frames that do not reach the tap, and adds up the differences since the capture began. What
 * was read last is kept, and asked for by any thread; a look asks kernel and driver, which may take a millisecond.
 *
 * <p>Reads nothing between an interface's end and the next one's begin: its last half second may be missing.
 */
final class InterfaceCounters implements AutoCloseable {
    private static final Set<LinkStatistic> MISSED =
            Set.of(LinkStatistic.RX_MISSED_ERRORS, LinkStatistic.RX_FIFO_ERRORS);
    private static final Set<LinkStatistic> DAMAGED =
            Set.of(LinkStatistic.RX_CRC_ERRORS, LinkStatistic.RX_FRAME_ERRORS, LinkStatistic.RX_LENGTH_ERRORS);

    private final String name;
    private final InterfaceQuery query = InterfaceQuery.shared();
    private final DriverStatistics driver;
    private final RisingCounters<LinkStatistic> ofLink = new RisingCounters<>();
    private final RisingCounters<DriverCounters.Counter> ofDriver = new RisingCounters<>();
    private final RisingCounters<SoftnetCounters.Counter> ofMachine = new RisingCounters<>();
    private int index;
    private boolean closed;
    private volatile InterfaceCounts counts = InterfaceCounts.NONE;

    /** Opens it for an interface, which need not be there, in the network namespace of the calling thread. */
    InterfaceCounters(String name) {
        this.name = name;
        driver = new DriverStatistics(query);
    }

    /** Counts from here on, on the interface that has the name now. */
    synchronized void begin() {
        if (!closed) {
            index = query.index(name);
            driver.begin(InterfaceQuery.deviceName(name));
            ofDriver.begin(driver.read());
            ofLink.begin(query.statistics(index));
            ofMachine.add(SoftnetCounters.read());
            counts = sums();
        }
    }

    /** Adds what has been counted since the last look; nothing if the interface is gone, or another one has its name. */
    synchronized void look() {
        if (closed || index == 0 || query.index(name) != index) {
            return;
        }
        Map<DriverCounters.Counter, Long> driverNow = driver.read(); // first: what it tells of is in rx_dropped by then
        Map<LinkStatistic, Long> linkNow = query.statistics(index);
        if (query.index(name) == index) { // else they may be those of another one
            boolean changed = ofDriver.add(driverNow);
            changed |= ofLink.add(linkNow);
            changed |= ofMachine.add(SoftnetCounters.read());
            if (changed) {
                counts = sums();
            }
        }
    }

    /** Returns what was counted up to the last look; any thread. */
    InterfaceCounts counts() {
        return counts;
    }

    private InterfaceCounts sums() {
        Map<LinkStatistic, Long> statistics = ofLink.sums();
        List<EarlyLoss> losses = new ArrayList<>();
        ofDriver.sums()
                .forEach((counter, frames) -> losses.add(new EarlyLoss(counter.cause(), counter.name(), frames)));
        if (statistics.isEmpty()) {
            return new InterfaceCounts(OptionalLong.empty(), new BeforeTap(losses, softnet()));
        }
        long inDropped = ofDriver.sums().entrySet().stream()
                .filter(counted -> counted.getKey().inDropped())
                .mapToLong(Map.Entry::getValue)
                .sum();
        losses.add(hint(Cause.DROPPED, LinkStatistic.RX_DROPPED, statistics.get(LinkStatistic.RX_DROPPED) - inDropped));
        losses.add(hint(Cause.OVERRUN, LinkStatistic.RX_OVER_ERRORS, statistics.get(LinkStatistic.RX_OVER_ERRORS)));
        long known = statistics.get(LinkStatistic.RX_OVER_ERRORS) + sum(statistics, MISSED);
        for (LinkStatistic damaged : DAMAGED.stream().sorted().toList()) {
            losses.add(hint(Cause.DAMAGED, damaged, statistics.get(damaged)));
            known += statistics.get(damaged);
        }
        losses.add(hint(Cause.DAMAGED, LinkStatistic.RX_ERRORS, statistics.get(LinkStatistic.RX_ERRORS) - known));
        return new InterfaceCounts(OptionalLong.of(sum(statistics, MISSED)), new BeforeTap(losses, softnet()));
    }

    /** Of what is counted elsewhere, too, the rest. */
    private static EarlyLoss hint(Cause cause, LinkStatistic statistic, long frames) {
        return new EarlyLoss(cause, statistic.name().toLowerCase(Locale.ROOT), Math.max(0, frames));
    }

    private static long sum(Map<LinkStatistic, Long> statistics, Set<LinkStatistic> of) {
        return of.stream().mapToLong(statistics::get).sum();
    }

    private Optional<Softnet> softnet() {
        Map<SoftnetCounters.Counter, Long> sums = ofMachine.sums();
        return sums.isEmpty()
                ? Optional.empty()
                : Optional.of(new Softnet(sum(sums, true), sum(sums, false), SoftnetCounters.maxBacklog()));
    }

    private static long sum(Map<SoftnetCounters.Counter, Long> sums, boolean dropped) {
        return sums.entrySet().stream()
                .filter(counted -> counted.getKey().dropped() == dropped)
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    /** Releases it; idempotent. The counts stay. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            query.close();
        }
    }
}
