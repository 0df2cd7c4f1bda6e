package io.ringtap.daemon.demo;

import io.ringtap.daemon.demo.SequenceCheck.Findings;
import io.ringtap.ledger.CaptureCounts;
import io.ringtap.ledger.InjectCounts;
import io.ringtap.ledger.Ledger;
import io.ringtap.ledger.WorkerCounts;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Judges a demonstration by what arrived: not by the ledger alone, which is on trial too.
 *
 * @param sent frames the source sent
 * @param achieved the source's mean rate, frames a second
 * @param arrived what the workers found
 * @param beacons injected frames that came back on the far end with the right content
 * @param injectEvery captured frames an injected one
 * @param ledger the final books
 * @param capture the near capture's name
 */
record DemoVerdict(
        DemoPlan plan,
        long sent,
        double achieved,
        Findings arrived,
        long beacons,
        long injectEvery,
        Ledger ledger,
        String capture) {
    static String progress(int second, long sent, Ledger ledger, String capture) {
        CaptureCounts counts = find(ledger, capture);
        WorkerCounts worker = ledger.workers().getFirst();
        return String.format(
                Locale.ROOT,
                "%3d s  sent %,12d  received %,12d  lost %,d  handled %,12d  in flight %,d  injected %,d",
                second,
                sent,
                counts.received(),
                counts.kernelDropped() + counts.unread(),
                worker.delivered(),
                counts.inKernelRing() + worker.inFlight(),
                injected(ledger));
    }

    private static CaptureCounts find(Ledger ledger, String capture) {
        return ledger.captures().stream()
                .filter(c -> c.name().equals(capture))
                .findFirst()
                .orElseThrow();
    }

    private static long injected(Ledger ledger) {
        return ledger.injects().stream().mapToLong(InjectCounts::sent).sum();
    }

    private long missing() {
        return sent - arrived.whole() - arrived.damaged();
    }

    private long beaconsDue() {
        return (arrived.whole() + arrived.damaged() + arrived.foreign()) / injectEvery;
    }

    boolean passed() {
        return missing() == 0
                && arrived.reordered() == 0
                && arrived.split() == 0
                && arrived.damaged() == 0
                && ledger.unaccounted() == 0
                && beacons == beaconsDue()
                && ledger.captures().stream().allMatch(c -> c.inKernelRing() == 0)
                && ledger.workers().stream().allMatch(w -> w.detached() || (w.inFlight() == 0 && w.failed() == 0));
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "arrived: %,d of %,d frames sent at %,.0f/s, %,d lost, %,d reordered within a flow, %,d damaged",
                arrived.whole() + arrived.damaged(),
                sent,
                achieved,
                missing(),
                arrived.reordered(),
                arrived.damaged()));
        lines.add(String.format(
                Locale.ROOT,
                "flows: %d conversations, both directions, %d split between threads (of %d)",
                DemoFrame.FLOWS,
                arrived.split(),
                plan.threads()));
        ledger.workers().stream().filter(WorkerCounts::detached).forEach(worker -> lines.add(line(worker)));
        lines.addAll(List.of(
                String.format(Locale.ROOT, "injected: %,d of %,d frames came back", beacons, beaconsDue()),
                "ledger: " + ledger.verdict() + "; unaccounted " + ledger.unaccounted(),
                "verdict: " + (passed() ? "PASS" : "FAIL") + ", "
                        + String.format(Locale.ROOT, "%,d lost at %,.0f frames/s", missing(), achieved)));
        return lines;
    }

    private static String line(WorkerCounts worker) {
        return String.format(
                Locale.ROOT,
                "detached worker %s: %,d delivered, %,d failed, %,d shed (%.1f %%), %,d left in its queue, of %,d",
                worker.name(),
                worker.delivered(),
                worker.failed(),
                worker.shed(),
                100 * worker.shedShare(),
                worker.inFlight(),
                worker.published());
    }
}
