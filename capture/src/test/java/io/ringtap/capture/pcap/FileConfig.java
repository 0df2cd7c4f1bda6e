package io.ringtap.capture.pcap;

import io.ringtap.capture.CaptureConfig;
import io.ringtap.capture.CaptureOrigin;
import io.ringtap.capture.FramePace;
import java.nio.file.Path;

/** Configurations of a capture file. */
final class FileConfig {
    private FileConfig() {}

    static CaptureConfig of(Path file) {
        return of(file, new FramePace.Max(), CaptureConfig.MAX_SNAPLEN_BYTES, "");
    }

    static CaptureConfig paced(Path file, FramePace pace) {
        return of(file, pace, CaptureConfig.MAX_SNAPLEN_BYTES, "");
    }

    static CaptureConfig of(Path file, FramePace pace, int snaplenBytes, String filter) {
        return CaptureConfig.builder("file", new CaptureOrigin.File(file, pace))
                .snaplenBytes(snaplenBytes)
                .promiscuous(false)
                .direction(CaptureConfig.Direction.BOTH)
                .filter(filter)
                .build();
    }
}
