package io.ringtap.daemon.cli.format;

import io.ringtap.ledger.HandlerLoad;
import io.ringtap.ledger.WorkerCounts;
import io.ringtap.ledger.WorkerLoad;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/** The load of each handler of each worker, as a table for people. */
public final class LoadTable {
    private static final String NOT_AVAILABLE = "-";
    private static final long NANOS_PER_MICRO = 1_000;
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private LoadTable() {}

    /** An empty line and the table, or nothing if no worker says how busy it is. */
    static String text(List<WorkerCounts> workers) {
        if (workers.stream().allMatch(worker -> worker.load().isEmpty())) {
            return "";
        }
        TextTable table = new TextTable("llrrrrl");
        table.row("handler", "of worker", "frames", "busy", "p50", "p99", "");
        for (WorkerCounts worker : workers) {
            for (HandlerLoad handler : worker.load().map(WorkerLoad::handlers).orElse(List.of())) {
                table.row(
                        handler.type(),
                        worker.name() + " on " + worker.capture(),
                        TextTable.count(handler.frames()),
                        String.format(Locale.ROOT, "%.1f %%", 100 * handler.busyShare()),
                        time(handler.medianNanos()),
                        time(handler.p99Nanos()),
                        handler.filter());
            }
        }
        return "\n" + table.text();
    }

    private static String time(OptionalLong nanos) {
        return nanos.isPresent() ? time(nanos.getAsLong()) : NOT_AVAILABLE;
    }

    /** Three digits and a unit. */
    public static String time(long nanos) {
        if (nanos < NANOS_PER_MICRO) {
            return nanos + " ns";
        }
        if (nanos < NANOS_PER_MILLI) {
            return digits((double) nanos / NANOS_PER_MICRO) + " us";
        }
        return nanos < NANOS_PER_SECOND
                ? digits((double) nanos / NANOS_PER_MILLI) + " ms"
                : digits((double) nanos / NANOS_PER_SECOND) + " s";
    }

    private static String digits(double value) {
        return String.format(Locale.ROOT, value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%,.0f", value);
    }
}
