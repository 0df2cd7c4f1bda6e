package io.ringtap.daemon.page;

import io.ringtap.daemon.page.Mark.Kind;
import io.ringtap.ledger.CaptureCounts;
import io.ringtap.ledger.Gap;
import io.ringtap.ledger.GapCounts;
import io.ringtap.ledger.InjectCounts;
import io.ringtap.ledger.Ledger;
import io.ringtap.ledger.Loss;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What happened: bursts of loss, gaps and reloads, the last ones. Losses at one stage with less than two seconds without any between
 * them are one burst, whose cause is told by what was counted during it alone. Used by one thread at a time.
 */
final class Marks {
    /** The oldest go. */
    static final int MOST = 200;

    private static final Duration PAUSE = Duration.ofSeconds(2);

    private final Deque<Mark> past = new ArrayDeque<>();
    private final Map<String, Burst> bursts = new HashMap<>();

    /** A burst that may go on: the books before it, and when a loss was seen last. */
    private record Burst(Ledger before, Instant from, Instant seen, Mark mark) {}

    /** Adds what was lost between two looks. */
    void look(Ledger before, Ledger now, Instant then, Instant instant) {
        bursts.values().removeIf(burst -> {
            boolean over = Duration.between(burst.seen, instant).compareTo(PAUSE) > 0;
            if (over) {
                keep(burst.mark);
            }
            return over;
        });
        for (Loss loss : now.since(before).losses()) {
            bursts.compute(
                    key(loss),
                    (key, burst) -> burst == null
                            ? burst(before, now, then, instant, key)
                            : burst(burst.before, now, burst.from, instant, key));
        }
    }

    private static String key(Loss loss) {
        return loss.stage() + "\n" + loss.capture() + "\n" + loss.worker().orElse("");
    }

    private static Burst burst(Ledger before, Ledger now, Instant from, Instant seen, String key) {
        List<Loss> losses = now.since(before).losses().stream()
                .filter(loss -> key(loss).equals(key))
                .toList();
        long frames = losses.stream().mapToLong(Loss::frames).sum();
        Loss greatest =
                losses.stream().max(Comparator.comparingLong(Loss::frames)).orElseThrow();
        String what = String.format(Locale.ROOT, "%,d frame%s lost", frames, frames == 1 ? "" : "s");
        Mark mark = new Mark(Kind.LOSS, from, Optional.of(seen), what, greatest.cause(), greatest.cure());
        return new Burst(before, from, seen, mark);
    }

    private void keep(Mark mark) {
        if (past.size() == MOST) {
            past.removeFirst();
        }
        past.addLast(mark);
    }

    /** Adds a reload that has just ended. */
    void reload(Reloaded reload, Instant instant) {
        keep(new Mark(
                Kind.RELOAD,
                instant,
                Optional.of(instant),
                reload.done() ? "reload" : "reload refused",
                "asked for by " + reload.askedBy() + ": " + reload.text(),
                reload.done() ? "" : "what ran before runs on: correct the configuration, and reload again"));
    }

    /** Returns what happened since an instant, the latest {@link #MOST}, the oldest first. Gaps are those of the books. */
    List<Mark> since(Instant instant, Ledger now) {
        List<Mark> all = new ArrayList<>(past);
        bursts.values().forEach(burst -> all.add(burst.mark));
        for (CaptureCounts capture : now.captures()) {
            gaps(all, "capture " + capture.name(), capture.interfaceName(), capture.gaps());
        }
        for (InjectCounts stream : now.injects()) {
            gaps(all, "stream " + stream.name(), stream.interfaceName(), stream.gaps());
        }
        List<Mark> latest = all.stream()
                .filter(mark -> mark.to().isEmpty() || mark.to().get().isAfter(instant))
                .sorted(Comparator.comparing(Mark::from))
                .toList();
        return latest.subList(Math.max(0, latest.size() - MOST), latest.size());
    }

    private static void gaps(List<Mark> marks, String who, String interfaceName, GapCounts gaps) {
        for (Gap gap : gaps.latest()) {
            String what = String.format(Locale.ROOT, "%s: no frames for %.1f s", who, gap.nanos() / 1e9);
            String detail = gap.detail().isEmpty() ? "" : ": " + gap.detail();
            marks.add(new Mark(
                    Kind.GAP,
                    gap.from(),
                    gap.to(),
                    what,
                    interfaceName + " " + gap.cause().sentence() + detail,
                    cure(gap.cause(), interfaceName)));
        }
    }

    private static String cure(Gap.Cause cause, String interfaceName) {
        return switch (cause) {
            case NO_CARRIER -> "look at its cable, and at the other end";
            case DOWN -> "ip link set " + interfaceName + " up";
            case MISSING -> "see with ip link whether it has another name, and in the system's log what took it away";
            case REFUSED -> "see the daemon's log";
        };
    }
}
