package io.ringtap.capture.pcap;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.ringtap.capture.CaptureSource;
import io.ringtap.capture.FrameSink;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;

/** pcap_dispatch through java.lang.foreign: libpcap calls back for each frame, in place in the kernel ring. */
final class FfmReader implements FrameReader {
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private final long pcap;
    private final long nanosPerSubsecond;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment callback;

    private FrameSink sink;
    private boolean refused;
    private Throwable thrown;
    private String failure = "";

    FfmReader(long pcap, boolean nanoseconds) {
        this.pcap = pcap;
        nanosPerSubsecond = nanoseconds ? 1 : 1_000;
        callback = Libpcap.upcall(target(), arena);
    }

    private MethodHandle target() {
        try {
            return MethodHandles.lookup().bind(this, "onFrame", Libpcap.CALLBACK.toMethodType());
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("onFrame", e);
        }
    }

    @Override
    public int read(FrameSink frames, int limit) {
        sink = frames;
        int count = Libpcap.dispatch(pcap, limit, callback);
        if (count >= 0) {
            return count;
        }
        if (thrown != null) {
            failure = "the ring threw " + thrown;
            return CaptureSource.FAILED;
        }
        if (refused) {
            return CaptureSource.REFUSED;
        }
        failure = Libpcap.errorText(pcap);
        return CaptureSource.FAILED;
    }

    /** Called by libpcap. An exception that left it would end the process, so none does. */
    @SuppressWarnings({"UnusedMethod", "UnusedVariable"}) // called through the upcall stub, with C's parameters
    private void onFrame(long user, long header, long data) {
        try {
            long seconds = Libpcap.MEMORY.get(JAVA_LONG, header + Libpcap.HEADER_SECONDS);
            long subseconds = Libpcap.MEMORY.get(JAVA_LONG, header + Libpcap.HEADER_SUBSECONDS);
            int captured = Libpcap.MEMORY.get(JAVA_INT, header + Libpcap.HEADER_CAPTURED);
            int original = Libpcap.MEMORY.get(JAVA_INT, header + Libpcap.HEADER_ORIGINAL);
            if (!sink.onFrame(data, captured, original, seconds * NANOS_PER_SECOND + subseconds * nanosPerSubsecond)) {
                refused = true;
                Libpcap.breakloop(pcap);
            }
        } catch (Throwable e) {
            thrown = e;
            Libpcap.breakloop(pcap);
        }
    }

    @Override
    public boolean readsByLibpcap() {
        return true;
    }

    @Override
    public String failure() {
        return failure;
    }

    @Override
    public void close() {
        arena.close();
    }
}
