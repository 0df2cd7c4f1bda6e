package io.ringtap.ledger;

import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What counting costs for each frame, and what a look at all counts costs whoever asks. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class LedgerBenchmark {

    private final Counter[] counters = {new Counter(), new Counter(), new Counter(), new Counter()};
    private final Counter counter = counters[0];

    /** What a handler does for a frame. */
    @Benchmark
    public void count() {
        counter.add(1);
    }

    /** Two captures with two workers each: the counts read, put together, and judged. */
    @Benchmark
    public String snapshot() {
        List<CaptureCounts> captures =
                List.of(capture("first", value(0), value(1)), capture("second", value(2), value(3)));
        List<WorkerCounts> workers = List.of(
                worker("analysis", "first"),
                worker("recorder", "first"),
                worker("analysis", "second"),
                worker("recorder", "second"));
        return new Ledger(captures, workers, List.of(), List.of(), false).verdict();
    }

    private long value(int index) {
        return counters[index].value();
    }

    private static CaptureCounts capture(String name, long published, long dropped) {
        return new CaptureCounts(
                name,
                name,
                CaptureState.RUNNING,
                published + dropped,
                dropped,
                0,
                OptionalLong.empty(),
                published,
                0,
                0,
                0,
                4_096,
                0,
                OptionalDouble.empty(),
                GapCounts.NONE);
    }

    private WorkerCounts worker(String name, String capture) {
        long published = value(0);
        return new WorkerCounts(name, capture, published, published, 0, 0, 0, 0);
    }
}
