package io.ringtap.capture.ring;

import io.ringtap.frame.FlowHash;
import io.ringtap.frame.Headers;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What looking at a frame's headers costs a worker: the EtherType for every frame, the flow hash with two threads. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class HeaderBenchmark {
    private static final int FRAME_BYTES = 200;

    @Param
    private SampleFrame headers;

    private FilledSlab frames;
    private Duplicates duplicates;

    /** Fills a slab. */
    @Setup
    public void fill() {
        duplicates = new Duplicates(Duration.ofMillis(50));
        frames = new FilledSlab(flow -> headers.of(flow, FRAME_BYTES));
    }

    /** Gives the slab back. */
    @TearDown
    public void close() {
        frames.close();
    }

    /** To compare with: the step to the next frame and one byte of it. */
    @Benchmark
    public byte firstByte() {
        return frames.next().byteAt(0);
    }

    @Benchmark
    public int etherType() {
        return frames.next().etherType();
    }

    @Benchmark
    public int flowHash() {
        return frames.next().flowHash();
    }

    /** The outermost conversation's: of what is inside nothing is looked at. */
    @Benchmark
    public int outerFlowHash() {
        return FlowHash.of(frames.next().headers());
    }

    /** What a handler reads that tells talkers. */
    @Benchmark
    public long addressesAndPorts() {
        Headers headers = frames.next().headers().innermost();
        return headers.sourceLow() + headers.destinationLow() + headers.sourcePort() + headers.destinationPort();
    }

    /** A worker with {@code deduplicate}: a hash of the frame's 200 bytes, and a look at those that came before. */
    @Benchmark
    public boolean deduplicate() {
        return duplicates.isOne(frames.next());
    }
}
