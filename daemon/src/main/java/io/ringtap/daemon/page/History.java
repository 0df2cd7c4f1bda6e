package io.ringtap.daemon.page;

import io.ringtap.daemon.control.StatsLook;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SequencedMap;

/**
 * What was so in the last {@link #SECONDS} seconds, one look each, in bounded memory: 8 bytes a second, and 4 for each line of a
 * chart, of which there are {@link #MOST_SERIES} at most: 1.9 MB. Any thread.
 */
public final class History {
    /** Looks kept. */
    static final int SECONDS = 900;

    /** Lines kept; further ones are shown as they are now, and have no past. */
    static final int MOST_SERIES = 512;

    private final int seconds;
    private final long[] times;
    private final SequencedMap<SeriesName, Series> series = new LinkedHashMap<>();
    private final Marks marks = new Marks();
    private long looks;
    private StatsLook last;
    private List<Reading> readings = List.of();

    private record SeriesName(Reading.Chart chart, String line) {}

    /** Begins with a look, which is what the first rates are over. */
    public History(StatsLook first) {
        this(first, SECONDS);
    }

    History(StatsLook first, int seconds) {
        this.seconds = seconds;
        times = new long[seconds];
        last = first;
    }

    /** Adds a look; one at the same moment as the last is passed over. */
    public synchronized void add(StatsLook look) {
        if (look.uptime().compareTo(last.uptime()) <= 0) {
            return;
        }
        readings = Readings.of(last, look);
        marks.look(last.ledger(), look.ledger(), last.timestamp(), look.timestamp());
        times[(int) (looks % seconds)] = look.timestamp().toEpochMilli();
        series.values().removeIf(each -> each.last() <= looks - seconds);
        for (Reading reading : readings) {
            SeriesName name = new SeriesName(reading.chart(), reading.name());
            if (series.size() < MOST_SERIES || series.containsKey(name)) {
                series.computeIfAbsent(name, _ -> new Series(seconds)).set(looks, reading.value());
            }
        }
        last = look;
        looks++;
        notifyAll();
    }

    /** Adds a reload that has just ended. */
    public synchronized void add(Reloaded reload) {
        marks.reload(reload, Instant.now());
    }

    /** Waits for a look behind {@code number}, for a time at most; the number of the latest, absent if none came. */
    synchronized OptionalLong await(long number, Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        for (long left = patience.toNanos(); latest() <= number; left = end - System.nanoTime()) {
            if (left <= 0) {
                return OptionalLong.empty();
            }
            wait(left / 1_000_000, (int) (left % 1_000_000));
        }
        return OptionalLong.of(latest());
    }

    private long latest() {
        return looks - 1;
    }

    /** Returns the latest look. */
    synchronized Now now() {
        Instant since = last.timestamp().minusSeconds(seconds);
        return new Now(latest(), last, readings, marks.since(since, last.ledger()));
    }

    /**
     * The latest look.
     *
     * @param number of the look, from 0; -1 before the first second is over
     * @param readings what the charts show of it
     * @param marks what happened while looks are kept
     */
    record Now(long number, StatsLook look, List<Reading> readings, List<Mark> marks) {}

    /** Returns the looks that are kept behind {@code number}, the oldest first; of all for a number that is not kept. */
    synchronized Past past(long number) {
        long oldest = Math.max(0, looks - seconds);
        long first = number < oldest || number > latest() ? oldest : number + 1;
        List<Long> kept = new ArrayList<>();
        for (long each = first; each < looks; each++) {
            kept.add(times[(int) (each % seconds)]);
        }
        List<Line> lines = new ArrayList<>();
        for (Map.Entry<SeriesName, Series> each : series.entrySet()) {
            float[] values = new float[kept.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = each.getValue().value(first + i);
            }
            lines.add(new Line(each.getKey().chart(), each.getKey().line(), values));
        }
        return new Past(latest(), kept, lines);
    }

    /**
     * Looks that are kept.
     *
     * @param latest the number of the last one; -1 if there is none
     * @param times of each, milliseconds since 1970 by the wall clock
     * @param lines of the charts, with a value for each time, NaN where there was none
     */
    record Past(long latest, List<Long> times, List<Line> lines) {}

    /** A line of a chart. */
    record Line(Reading.Chart chart, String name, float[] values) {}
}
