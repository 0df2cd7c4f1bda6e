package io.ringtap.capture.pcap;

import io.ringtap.capture.CaptureConfig;
import io.ringtap.capture.CaptureOrigin;
import io.ringtap.capture.CaptureSource;
import io.ringtap.capture.FramePace;
import io.ringtap.capture.FrameSink;
import io.ringtap.capture.OpenException;
import io.ringtap.capture.OpenException.Reason;
import io.ringtap.ledger.Counter;
import io.ringtap.ledger.FileProgress;
import io.ringtap.ledger.Gauge;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Several capture files as one, in the order of their frames' times: files that follow one another are read one after the other,
 * those that overlap are merged. The frames of a file stay in its order. A file is open from its first frame's turn to its last
 * one's. One that is cut short, or damaged, ends there; the others go on.
 */
public final class PcapFilesSource implements CaptureSource {
    /** A file whose turn has not come. */
    private record Recording(Path path, long firstNanos, long bytes) {}

    /** A file that is open, with a frame that waits. */
    private record Turn(PcapFileSource source, long bytes, int index) {
        long timestampNanos() {
            return source.timestampNanos();
        }
    }

    private static final Comparator<Turn> BY_TIME =
            Comparator.comparingLong(Turn::timestampNanos).thenComparingInt(Turn::index);

    private final CaptureConfig config;
    private final boolean paced;
    private final PaceClock clock;
    private final Deque<Recording> waiting;
    private final PriorityQueue<Turn> open = new PriorityQueue<>(BY_TIME);
    private final int files;
    private final long bytes;
    private int opened;

    /** Whose frame is next; null if that is to be found out. */
    private @Nullable Turn current;

    /** One of which no frame that the filter lets pass was found so far. */
    private @Nullable Turn searched;

    private boolean timed;
    private long dueNanos;
    private boolean failed;
    private boolean closed;
    private long endedBytes;
    private final Counter received = new Counter();
    private final Gauge readBytes = new Gauge();
    private final Gauge ended = new Gauge();
    private volatile long startNanos = System.nanoTime();

    /** When they were read last. */
    private volatile long readNanos = startNanos;

    private boolean started;
    private volatile String failure = "";

    private PcapFilesSource(CaptureConfig config, FramePace pace, List<Recording> recordings) {
        this.config = config;
        paced = !(pace instanceof FramePace.Max);
        clock = new PaceClock(pace);
        waiting = new ArrayDeque<>(recordings);
        files = recordings.size();
        bytes = recordings.stream().mapToLong(Recording::bytes).sum();
    }

    /**
     * Opens what the origin of a configuration names: a file, a folder, or a pattern.
     *
     * @throws OpenException if there is none, or one of them cannot be read
     */
    public static CaptureSource open(CaptureConfig config) throws OpenException {
        if (!(config.origin() instanceof CaptureOrigin.File(Path path, FramePace pace))) {
            throw new IllegalArgumentException("not a file: " + config.origin());
        }
        List<Path> found = RecordingFiles.of(path);
        if (found.equals(List.of(path))) {
            return PcapFileSource.open(config);
        }
        List<Recording> recordings = new ArrayList<>();
        for (Path file : found) {
            recording(file).ifPresent(recordings::add);
        }
        recordings.sort(Comparator.comparingLong(Recording::firstNanos).thenComparing(Recording::path));
        PcapFilesSource source = new PcapFilesSource(config, pace, recordings);
        source.checkFilter();
        return source;
    }

    /** A file with its first frame's time; absent if there is none in it. */
    private static Optional<Recording> recording(Path file) throws OpenException {
        try (PcapFileSource source =
                PcapFileSource.open(file, new FramePace.Max(), CaptureConfig.MAX_SNAPLEN_BYTES, "")) {
            return source.find(1) ? Optional.of(recording(file, source.timestampNanos())) : Optional.empty();
        }
    }

    private static Recording recording(Path file, long firstNanos) throws OpenException {
        try {
            return new Recording(file, firstNanos, Files.size(file));
        } catch (IOException e) {
            throw new OpenException(Reason.OTHER, PcapFileCheck.line(file, e.getMessage()));
        }
    }

    /** It is compiled with each file: what is wrong with it is said before the first. */
    private void checkFilter() throws OpenException {
        if (!waiting.isEmpty()) {
            openFile(waiting.element()).close();
        }
    }

    private PcapFileSource openFile(Recording recording) throws OpenException {
        return PcapFileSource.open(recording.path(), new FramePace.Max(), config.snaplenBytes(), config.filter());
    }

    /** Frames wait in the files. */
    @Override
    public void accept() {}

    /** {@inheritDoc} Reads about so many frames of the files, too, those that the filter rejects included. */
    @Override
    public int poll(FrameSink sink, int limit) {
        if (closed) {
            throw new IllegalStateException("closed: " + config.origin().label());
        }
        if (!started) {
            started = true;
            startNanos = System.nanoTime();
        }
        long nowNanos = paced ? System.nanoTime() : 0;
        int taken = 0;
        int result = 0;
        while (taken < limit) {
            if (current == null && !findNext(limit)) {
                result = searched != null ? 0 : failed ? FAILED : END;
                break;
            }
            if (paced && isEarly(nowNanos)) {
                break;
            }
            if (!offer(sink)) {
                result = REFUSED;
                break;
            }
            taken++;
        }
        tellProgress();
        return taken > 0 ? taken : result;
    }

    private boolean isEarly(long nowNanos) {
        if (!timed) {
            PcapFileSource source = Objects.requireNonNull(current).source();
            dueNanos = clock.dueNanos(source.timestampNanos(), nowNanos, source.ahead());
            timed = true;
        }
        return dueNanos - nowNanos > 0;
    }

    /** Finds out whose turn it is; false if that takes longer, or all is read. */
    private boolean findNext(int limit) {
        if (searched != null) {
            Turn again = searched;
            searched = null;
            settle(again, limit);
        }
        while (searched == null
                && !waiting.isEmpty()
                && (open.isEmpty()
                        || waiting.element().firstNanos() <= open.element().timestampNanos())) {
            openNext(limit);
        }
        if (searched == null) {
            current = open.poll();
        }
        return current != null;
    }

    private void openNext(int limit) {
        Recording next = waiting.remove();
        try {
            settle(new Turn(openFile(next), next.bytes(), opened++), limit);
        } catch (OpenException e) { // it was there, and whole, at the start
            failed = true;
            fail(e.getMessage());
            endedBytes += next.bytes();
            ended.set(ended.value() + 1);
        }
    }

    /** Puts a file among those with a frame that waits, or ends it. */
    private void settle(Turn turn, int limit) {
        if (turn.source().find(limit)) {
            open.add(turn);
        } else if (turn.source().isAtEnd()) {
            end(turn);
        } else {
            searched = turn;
        }
    }

    private void end(Turn turn) {
        String text = turn.source().failure();
        if (!text.isEmpty()) {
            fail(text);
            failed |= turn.source().hasFailed();
        }
        turn.source().close();
        endedBytes += turn.bytes();
        ended.set(ended.value() + 1);
    }

    private void fail(String text) {
        if (failure.isEmpty()) {
            failure = text;
        }
    }

    /** Counted before it is offered: what was published must never be more than what was received. */
    private boolean offer(FrameSink sink) {
        Turn turn = Objects.requireNonNull(current);
        received.add(1);
        if (turn.source().poll(sink, 1) != 1) {
            received.add(-1);
            return false;
        }
        timed = false;
        current = null;
        if (turn.source().find(1) && isBeforeOthers(turn)) {
            current = turn;
        } else {
            settle(turn, 1);
        }
        return true;
    }

    private boolean isBeforeOthers(Turn turn) {
        return (open.isEmpty() || BY_TIME.compare(turn, open.element()) < 0)
                && (waiting.isEmpty()
                        || turn.timestampNanos() < waiting.element().firstNanos());
    }

    private void tellProgress() {
        long read = endedBytes;
        for (Turn turn : open) {
            read += turn.source().position();
        }
        for (Turn turn : new Turn[] {current, searched}) {
            read += turn == null ? 0 : turn.source().position();
        }
        readBytes.set(read);
        readNanos = System.nanoTime();
    }

    /** {@inheritDoc} That is when the next frame is due; at once if none is waiting for its time. */
    @Override
    public void await(Duration maximum) {
        if (timed) {
            long waitNanos = Math.min(dueNanos - System.nanoTime(), maximum.toNanos());
            if (waitNanos > 0) {
                LockSupport.parkNanos(waitNanos);
            }
        }
    }

    @Override
    public SourceCounts counts() {
        return new SourceCounts(received.value(), 0, 0);
    }

    @Override
    public Optional<FileProgress> progress() {
        return Optional.of(new FileProgress(
                readBytes.value(),
                bytes,
                files - (int) ended.value(),
                files,
                Math.max(0, readNanos - startNanos) / 1e9));
    }

    @Override
    public void quiesce() {}

    @Override
    public String failure() {
        return failure;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        open.forEach(turn -> turn.source().close());
        if (current != null) {
            current.source().close();
        }
        if (searched != null) {
            searched.source().close();
        }
    }
}
