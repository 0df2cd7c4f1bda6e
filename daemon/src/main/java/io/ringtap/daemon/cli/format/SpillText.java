package io.ringtap.daemon.cli.format;

import io.ringtap.ledger.SpillCounts;
import io.ringtap.ledger.SpillCounts.Rate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a worker has spilled, for people. */
final class SpillText {
    private static final double MEBIBYTE = 1 << 20;

    private SpillText() {}

    /** What waits, of how much, how fast, and until when; empty if nothing was ever spilled. */
    static String of(SpillCounts spill) {
        List<String> parts = new ArrayList<>();
        if (spill.waiting() > 0) {
            parts.add(String.format(
                    Locale.ROOT,
                    "%s spilled now, %,.0f of %,.0f MiB, in %s, out %s%s",
                    TextTable.count(spill.waiting()),
                    spill.bytes() / MEBIBYTE,
                    spill.limitBytes() / MEBIBYTE,
                    rate(spill.in()),
                    rate(spill.out()),
                    spill.outlook().map(text -> ": " + text).orElse("")));
        }
        add(parts, spill.spilled(), " spilled in all");
        add(parts, spill.resumed(), " of an earlier run");
        add(parts, spill.kept(), " kept for the next start");
        if (!spill.fault().isEmpty()) {
            parts.add("the disk refuses: " + spill.fault());
        }
        return String.join(", ", parts);
    }

    private static void add(List<String> parts, long count, String what) {
        if (count > 0) {
            parts.add(TextTable.count(count) + what);
        }
    }

    private static String rate(Rate rate) {
        return String.format(
                Locale.ROOT, "%,.0f/s (%,.1f MiB/s)", rate.framesPerSecond(), rate.bytesPerSecond() / MEBIBYTE);
    }
}
