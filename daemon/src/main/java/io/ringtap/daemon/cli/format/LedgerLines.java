package io.ringtap.daemon.cli.format;

import io.ringtap.ledger.BeforeTap;
import io.ringtap.ledger.EarlyLoss;
import io.ringtap.ledger.GapCounts;
import io.ringtap.ledger.Ledger;
import io.ringtap.ledger.SpillCounts;
import io.ringtap.ledger.WorkerCounts;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/** The ledger as lines of {@code key=value}, for programs that start the daemon. */
public final class LedgerLines {
    private LedgerLines() {}

    /** Returns the final lines, one for each capture, worker and stream. */
    public static List<String> of(Ledger ledger) {
        List<String> lines = new ArrayList<>();
        ledger.captures().forEach(c -> {
            // A counter that the platform does not give is absent, not 0.
            String interfaceDropped = c.interfaceDropped().isPresent()
                    ? " interface_dropped=" + c.interfaceDropped().getAsLong()
                    : "";
            String cut = c.cut() > 0 ? " cut=" + c.cut() : "";
            String unread = c.unread() > 0 ? " unread=" + c.unread() : "";
            lines.add("capture=" + c.name() + " interface=" + c.interfaceName() + " received=" + c.received()
                    + " kernel_dropped=" + c.kernelDropped() + unread + interfaceDropped + beforeTap(c.beforeTap())
                    + " published=" + c.published()
                    + cut + gaps(c.gaps()));
        });
        ledger.workers()
                .forEach(w -> lines.add("worker=" + w.name() + " capture=" + w.capture() + " delivered=" + w.delivered()
                        + " failed=" + w.failed() + " shed=" + w.shed() + more(w)));
        ledger.injects()
                .forEach(i -> lines.add(
                        "inject=" + i.name() + " sent=" + i.sent() + " failed=" + i.failed() + gaps(i.gaps())));
        String inFlight = ledger.drained() ? "" : " in_flight=" + ledger.inFlight(); // left behind by a stop
        lines.add("ledger lost=" + ledger.lost() + " unaccounted=" + ledger.unaccounted() + inFlight);
        return lines;
    }

    /** Returns what is 0 is left out; hints of several counters with a cause are one. */
    private static String beforeTap(BeforeTap told) {
        StringBuilder text = new StringBuilder();
        told.driverDropped().ifPresent(frames -> text.append(frames > 0 ? " driver_dropped=" + frames : ""));
        SortedMap<EarlyLoss.Cause, Long> hints = new TreeMap<>();
        told.counted(false).forEach(hint -> hints.merge(hint.cause(), hint.frames(), Long::sum));
        hints.forEach((cause, frames) ->
                text.append(" hint_").append(cause.text()).append('=').append(frames));
        return text.toString();
    }

    private static String gaps(GapCounts gaps) {
        return gaps.count() == 0
                ? ""
                : String.format(Locale.ROOT, " gaps=%d gap_seconds=%.3f", gaps.count(), gaps.nanos() / 1e9);
    }

    private static String spill(SpillCounts spill) {
        return " spilled=" + spill.spilled()
                + (spill.resumed() > 0 ? " resumed=" + spill.resumed() : "")
                + (spill.kept() > 0 ? " kept=" + spill.kept() : "");
    }

    private static String more(WorkerCounts worker) {
        String share = worker.detached() ? String.format(Locale.ROOT, " shed_share=%.4f", worker.shedShare()) : "";
        return share
                + worker.spill().map(LedgerLines::spill).orElse("")
                + (worker.sampledOut() > 0 ? " sampled_out=" + worker.sampledOut() : "")
                + (worker.sieved() > 0 ? " sieved=" + worker.sieved() : "")
                + (worker.duplicate() > 0 ? " duplicate=" + worker.duplicate() : "");
    }
}
