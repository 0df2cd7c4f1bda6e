package io.ringtap.capture;

import java.nio.file.Path;

/** Where the frames of a capture come from. */
public sealed interface CaptureOrigin {
    /** What users call it: the interface's name, or the file's path. */
    String label();

    /** A network interface, by name. */
    record Live(String interfaceName) implements CaptureOrigin {
        @Override
        public String label() {
            return interfaceName;
        }
    }

    /** A pcap or pcapng file. */
    record File(Path path, FramePace pace) implements CaptureOrigin {
        @Override
        public String label() {
            return path.toString();
        }
    }
}
