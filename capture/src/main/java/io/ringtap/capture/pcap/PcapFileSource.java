package io.ringtap.capture.pcap;

import io.ringtap.capture.CaptureConfig;
import io.ringtap.capture.CaptureOrigin;
import io.ringtap.capture.CaptureSource;
import io.ringtap.capture.FrameFilter;
import io.ringtap.capture.FramePace;
import io.ringtap.capture.FrameSink;
import io.ringtap.capture.OpenException;
import io.ringtap.capture.OpenException.Reason;
import io.ringtap.ledger.Counter;
import io.ringtap.ledger.FileProgress;
import io.ringtap.ledger.Gauge;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.pcap4j.core.NotOpenException;
import org.pcap4j.core.PcapAccess;
import org.pcap4j.core.PcapAccess.OpenFile;
import org.pcap4j.core.PcapHandle;
import org.pcap4j.core.PcapNativeException;
import org.pcap4j.packet.namednumber.DataLinkType;

/**
 * A pcap or pcapng file of Ethernet frames, of either byte order, read by libpcap. Of the configuration, the file, its
 * pace, the snaplen and the filter count; the direction does not: few files say which way a frame went.
 *
 * <p>{@link #poll} never waits for a frame's time to come, {@link #await} does. A frame counts as received when it is
 * offered to the sink, so one whose time has not come is not yet received.
 *
 * <p>Limits of libpcap 1.10: interfaces of a pcapng file must share link type and snaplen, or reading ends where the
 * second is described; a binary {@code if_tsresol} finer than 2^-34 s gives wrong fractions of seconds.
 */
public final class PcapFileSource implements CaptureSource {
    /** {@link #outcome} while frames may follow. */
    private static final int READING = 0;

    private final Path path;
    private final PcapHandle handle;
    private final int snaplenBytes;
    private final boolean paced;
    private final PaceClock clock;
    private final LongSupplier nanoTime;
    private final LongConsumer park;
    private final Arena arena = Arena.ofShared();
    private final FileRecords records;
    private final Counter received = new Counter();

    /** Null for none. */
    private FrameFilter filter;

    private final long bytes;
    private final Gauge readBytes = new Gauge();
    private volatile long startNanos;

    /** When it was read last: time that passes after its end is none of its reading. */
    private volatile long readNanos;

    private boolean started;
    private long framesRead;
    private int outcome = READING;
    private boolean closed;
    private volatile String failure = "";

    /** The frame read but not yet taken; libpcap's buffer holds it until the next is read. */
    private boolean pending;

    private long address;
    private int capturedBytes;
    private int originalBytes;
    private long timestampNanos;
    private long dueNanos;
    private FileTimes times; // null: not wanted
    private long sinceFirstNanos;

    private PcapFileSource(
            Path path, FramePace pace, int snaplenBytes, OpenFile file, LongSupplier nanoTime, LongConsumer park)
            throws OpenException {
        this.nanoTime = nanoTime;
        this.park = park;
        this.path = path;
        this.snaplenBytes = snaplenBytes;
        this.handle = file.handle();
        this.paced = !(pace instanceof FramePace.Max);
        this.clock = new PaceClock(pace);
        startNanos = nanoTime.getAsLong();
        readNanos = startNanos;
        try {
            bytes = Files.size(path);
            records = new FileRecords(file.address(), CheckSequences.of(path, arena), arena);
        } catch (IOException e) {
            close();
            throw new OpenException(Reason.OTHER, PcapFileCheck.line(path, e.getMessage()));
        }
    }

    /** Opens the file of a configuration whose origin is one. */
    public static PcapFileSource open(CaptureConfig config) throws OpenException {
        if (!(config.origin() instanceof CaptureOrigin.File(Path path, FramePace pace))) {
            throw new IllegalArgumentException("not a file: " + config.origin());
        }
        return open(path, pace, config.snaplenBytes(), config.filter());
    }

    /** Opens a file; a blank filter lets all frames pass. */
    static PcapFileSource open(Path path, FramePace pace, int snaplenBytes, String filter) throws OpenException {
        return open(path, pace, snaplenBytes, filter, System::nanoTime, LockSupport::parkNanos);
    }

    /** As above, with a clock of its own and what lets time pass by it. */
    static PcapFileSource open(
            Path path, FramePace pace, int snaplenBytes, String filter, LongSupplier nanoTime, LongConsumer park)
            throws OpenException {
        PcapFileSource source = openAnyLink(path, pace, snaplenBytes, nanoTime, park);
        try {
            source.requireEthernet();
            source.compile(filter);
        } catch (OpenException | RuntimeException | Error e) {
            source.close();
            throw e;
        }
        return source;
    }

    /** Opens a file of any link type, at once and without a filter. */
    static PcapFileSource openAnyLink(Path path, int snaplenBytes) throws OpenException {
        return openAnyLink(path, new FramePace.Max(), snaplenBytes, System::nanoTime, LockSupport::parkNanos);
    }

    private static PcapFileSource openAnyLink(
            Path path, FramePace pace, int snaplenBytes, LongSupplier nanoTime, LongConsumer park)
            throws OpenException {
        PcapFileCheck.check(path);
        try {
            return new PcapFileSource(path, pace, snaplenBytes, PcapAccess.openFile(path.toString()), nanoTime, park);
        } catch (PcapNativeException e) {
            throw PcapFileCheck.bad(path, e.getMessage() + "; it must be a pcap or pcapng file");
        }
    }

    private void requireEthernet() throws OpenException {
        DataLinkType type = linkType();
        if (!type.equals(DataLinkType.EN10MB)) {
            throw PcapFileCheck.bad(
                    path,
                    "its link type is " + LinkTypeName.of(type) + ", and only Ethernet is read: "
                            + LinkTypeName.cure(type));
        }
    }

    /** Returns what its frames begin with. */
    DataLinkType linkType() {
        return handle.getDlt();
    }

    /** Has frames timed by what the file says, too; see {@link #sinceFirstNanos}. */
    void time(FileTimes wanted) {
        times = wanted;
    }

    /** Returns when the latest frame comes, if they are timed: nanoseconds since the first one. */
    long sinceFirstNanos() {
        return sinceFirstNanos;
    }

    private void compile(String expression) throws OpenException {
        if (expression.isBlank()) {
            return;
        }
        try {
            filter = PcapFilter.inProcess(expression);
        } catch (IllegalArgumentException e) {
            throw new OpenException(Reason.BAD_FILTER, e.getMessage() + "; see pcap-filter(7)");
        }
    }

    /** A file's frames wait. */
    @Override
    public void accept() {}

    /** {@inheritDoc} Reads at most {@code limit} frames of the file, too, those that the filter rejects included. */
    @Override
    public int poll(FrameSink sink, int limit) {
        if (!started) {
            started = true;
            startNanos = nanoTime.getAsLong();
        }
        long nowNanos = paced ? nanoTime.getAsLong() : 0;
        int taken = poll(sink, limit, nowNanos);
        readBytes.set(outcome == END ? bytes : records.position());
        readNanos = nanoTime.getAsLong();
        return taken;
    }

    private int poll(FrameSink sink, int limit, long nowNanos) {
        int taken = 0;
        for (int n = 0; n < limit; n++) {
            if (!pending && !read(nowNanos)) {
                if (outcome != READING) {
                    return taken > 0 ? taken : outcome;
                }
                continue; // rejected by the filter
            }
            if (dueNanos - nowNanos > 0) {
                break;
            }
            if (!offer(sink)) {
                return taken > 0 ? taken : REFUSED;
            }
            taken++;
        }
        return taken;
    }

    /** Looks for a frame that is to be delivered among the next {@code most} of the file; whether one waits, as the next. */
    boolean find(int most) {
        for (int n = 0; n < most && !pending && outcome == READING; n++) {
            boolean _ = read(0);
        }
        return pending;
    }

    /** Returns whether nothing more comes. */
    boolean isAtEnd() {
        return !pending && outcome != READING;
    }

    /** Returns whether it could not be read on, otherwise than by its being cut short. */
    boolean hasFailed() {
        return outcome == FAILED;
    }

    /** The time stamp of the frame that waits. */
    long timestampNanos() {
        return timestampNanos;
    }

    /** The time stamps behind it. */
    FileTimes.Ahead ahead() {
        return records;
    }

    /** Bytes of the file that were read. */
    long position() {
        return records.position();
    }

    /** Counted before it is offered: what was published must never be more than what was received. */
    private boolean offer(FrameSink sink) {
        received.add(1);
        if (!sink.onFrame(address, capturedBytes, originalBytes, timestampNanos)) {
            received.add(-1);
            return false;
        }
        pending = false;
        return true;
    }

    /** Makes the file's next frame pending; false if the filter rejects it, or with the outcome set. */
    private boolean read(long nowNanos) {
        if (closed) {
            throw new IllegalStateException("closed: " + path);
        }
        if (outcome != READING) {
            return false;
        }
        int result = records.next();
        if (result != 1) {
            end(result);
            return false;
        }
        framesRead++;
        originalBytes = records.originalBytes();
        if (filter != null && !filter.matches(records.data(), records.capturedBytes(), originalBytes)) {
            return false;
        }
        capturedBytes = Math.min(records.capturedBytes(), snaplenBytes);
        timestampNanos = records.timestampNanos();
        dueNanos = clock.dueNanos(timestampNanos, nowNanos, records);
        if (times != null) {
            sinceFirstNanos = times.sinceFirstNanos(timestampNanos, records);
        }
        address = records.data(); // from here on: looking ahead has moved it
        pending = true;
        return true;
    }

    private void end(int result) {
        if (result == Libpcap.NO_MORE) {
            outcome = END;
            return;
        }
        String text = libpcapText();
        // libpcap has no code for it, but has said so since its 0.4, in every place where a record ends too soon.
        boolean cutShort = text.startsWith("truncated");
        failure = "capture file " + path + (cutShort ? " is cut short" : " cannot be read on") + " after frame "
                + framesRead + ": " + text + "; "
                + (cutShort ? "all whole frames were read" : "the frames before it were read, those behind it not");
        outcome = cutShort ? END : FAILED;
    }

    private String libpcapText() {
        try {
            return handle.getError();
        } catch (NotOpenException e) {
            throw new IllegalStateException(e);
        }
    }

    /** {@inheritDoc} That is when the next frame is due; at once if none is waiting for its time. */
    @Override
    public void await(Duration maximum) {
        if (pending) {
            long waitNanos = Math.min(dueNanos - nanoTime.getAsLong(), maximum.toNanos());
            if (waitNanos > 0) {
                park.accept(waitNanos);
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
                readBytes.value() < bytes ? 1 : 0,
                1,
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
        pending = false;
        if (filter != null) {
            filter.close();
        }
        handle.close();
        arena.close();
    }
}
