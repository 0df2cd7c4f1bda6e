package io.ringtap.capture.pcap;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.ringtap.capture.CaptureConfig;
import io.ringtap.capture.CaptureSource;
import io.ringtap.capture.FrameSink;
import io.ringtap.capture.OpenException;
import io.ringtap.capture.OpenException.Reason;
import io.ringtap.frame.Frame;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Reads a capture file's frames on the caller's thread, without a ring. */
public final class PcapFileFrames {
    private static final int READ_FRAMES = 256;

    private PcapFileFrames() {}

    /** Gives each of a file's frames, in an array of its own. @throws OpenException if it cannot be read to its end */
    public static void forEach(Path file, String captureName, Consumer<Frame> consumer) throws OpenException {
        FrameSink sink = new FrameSink() {
            @Override
            public boolean onFrame(long address, int capturedBytes, int originalBytes, long timestampNanos) {
                byte[] bytes = MemorySegment.ofAddress(address)
                        .reinterpret(capturedBytes)
                        .toArray(JAVA_BYTE);
                consumer.accept(Frame.of(bytes, originalBytes, timestampNanos, captureName));
                return true;
            }

            @Override
            public void flush() {}
        };
        try (PcapFileSource source = PcapFileSource.open(CaptureConfig.file(captureName, file))) {
            int taken = 0;
            while (taken >= 0) {
                taken = source.poll(sink, READ_FRAMES);
            }
            if (taken != CaptureSource.END || !source.failure().isEmpty()) {
                throw new OpenException(Reason.BAD_FILE, source.failure());
            }
        }
    }
}
