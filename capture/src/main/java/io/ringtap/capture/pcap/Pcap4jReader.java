package io.ringtap.capture.pcap;

import io.ringtap.capture.CaptureSource;
import io.ringtap.capture.FrameSink;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.sql.Timestamp;
import java.util.concurrent.TimeUnit;
import org.pcap4j.core.NotOpenException;
import org.pcap4j.core.PcapHandle;
import org.pcap4j.core.PcapNativeException;
import org.pcap4j.core.RawPacketListener;

/** pcap4j's own dispatch, through JNA: the yardstick, and what is left should java.lang.foreign be refused. */
final class Pcap4jReader implements FrameReader {
    private final PcapHandle handle;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment scratch;
    private final RawPacketListener listener = this::onFrame;

    private FrameSink sink;
    private int taken;
    private boolean refused;
    private String failure = "";

    Pcap4jReader(PcapHandle handle, int snaplenBytes) {
        this.handle = handle;
        scratch = arena.allocate(snaplenBytes);
    }

    @Override
    public int read(FrameSink frames, int limit) {
        sink = frames;
        taken = 0;
        try {
            handle.dispatch(limit, listener);
            return taken;
        } catch (InterruptedException e) { // what pcap4j makes of breakLoop
            return refused ? CaptureSource.REFUSED : taken;
        } catch (PcapNativeException | NotOpenException e) {
            failure = e.getMessage();
            return CaptureSource.FAILED;
        }
    }

    private void onFrame(byte[] frame) {
        if (refused) {
            return;
        }
        MemorySegment.copy(frame, 0, scratch, ValueLayout.JAVA_BYTE, 0, frame.length);
        Timestamp time = handle.getTimestamp();
        long nanos = TimeUnit.MILLISECONDS.toNanos(time.getTime()) / 1_000_000_000 * 1_000_000_000 + time.getNanos();
        if (sink.onFrame(scratch.address(), frame.length, handle.getOriginalLength(), nanos)) {
            taken++;
        } else {
            refused = true;
            breakLoop();
        }
    }

    private void breakLoop() {
        try {
            handle.breakLoop();
        } catch (NotOpenException e) {
            throw new IllegalStateException("the handle was closed while it was read", e);
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
