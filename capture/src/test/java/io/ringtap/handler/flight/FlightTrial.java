package io.ringtap.handler.flight;

import io.ringtap.capture.OpenException;
import io.ringtap.capture.pcap.PcapFileFrames;
import io.ringtap.capturefile.RecordedFolder;
import io.ringtap.frame.Frame;
import io.ringtap.testkit.HandlerTrial;
import io.ringtap.testkit.TestContext;
import io.ringtap.testkit.TestSettings;
import io.ringtap.testnet.VethPair;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A flight recorder under trial, of one thread or more, and frames for it that are numbered in the order of their times.
 *
 * @param path the folder of its dumps
 * @param context the first thread's
 * @param recorders what dumps are asked for by
 */
record FlightTrial(Path path, TestContext context, FlightRecorders recorders) {
    static final int NUMBER_OFFSET = 14;

    static FlightTrial in(Path path) {
        FlightRecorders recorders = new FlightRecorders();
        TestContext context = new TestContext("uplink", "w", 0).sharing(FlightRecorders.class, recorders);
        return new FlightTrial(path, context, recorders);
    }

    HandlerTrial start(Object... keysAndValues) {
        return startIn(context, keysAndValues);
    }

    HandlerTrial startIn(TestContext where, Object... keysAndValues) {
        List<Object> all = new ArrayList<>(List.of("folder", path.toString(), "sync", false));
        all.addAll(List.of(keysAndValues));
        return HandlerTrial.start(TestSettings.of(all.toArray()).make(FlightRecorderHandler::new), where);
    }

    Frame frame(long number, int length, long nanos) {
        byte[] bytes = new byte[length];
        ByteBuffer.wrap(bytes).putShort(12, (short) 0x88b5).putLong(NUMBER_OFFSET, number);
        return Frame.of(bytes, length, nanos, context.captureName());
    }

    /** Gives frames, one a millisecond, in batches; each millisecond passes before its frame. */
    void give(HandlerTrial trial, long from, long to, int length) {
        List<Frame> batch = new ArrayList<>();
        for (long number = from; number < to; number++) {
            context.pass(Duration.ofMillis(1));
            batch.add(frame(number, length, context.epochNanos()));
            if (batch.size() == 7) {
                trial.batch(batch);
                batch.clear();
            }
        }
        trial.batch(batch);
    }

    /** The dump of a place in the order of their beginnings, once it is over. */
    DumpStatus over(int place) {
        VethPair.await(() -> recorders.dumps().get(place).state() != DumpStatus.State.RUNNING);
        return recorders.dumps().get(place);
    }

    Path fileOf(int place) {
        return over(place).file().orElseThrow(() -> new AssertionError(recorders.dumps()));
    }

    RecordedFolder folder() {
        return new RecordedFolder(path);
    }

    /** The numbers of a file's frames, in its order. */
    static List<Long> numbers(Path file) throws OpenException {
        List<Long> numbers = new ArrayList<>();
        PcapFileFrames.forEach(file, "", frame -> numbers.add(frame.longAt(NUMBER_OFFSET)));
        return numbers;
    }

    static List<Long> range(long first, long end) {
        List<Long> numbers = new ArrayList<>();
        for (long number = first; number < end; number++) {
            numbers.add(number);
        }
        return numbers;
    }

    /** A dump of its own, as by the command. */
    List<DumpStatus> command(Optional<Duration> before) {
        return recorders.dump("flight-recorder", Optional.empty(), "looked for", "user test", before);
    }
}
