package io.ringtap.capture;

import java.nio.file.Path;

/** The source of a capture's frames. */
public sealed interface CaptureOrigin {
    /** What users call it: the interface's name, or the file's path. */
    String label();

    /**
     * A network interface.
     *
     * @param interfaceName its name
     * @param missing what to do if it is missing or down at the start; later, a capture waits for it in any case
     */
    record Live(String interfaceName, Missing missing) implements CaptureOrigin {
        /** One that must be there. */
        public Live(String interfaceName) {
            this(interfaceName, Missing.FAIL);
        }

        @Override
        public String label() {
            return interfaceName;
        }
    }

    /** The reaction of a start to an interface that is missing. */
    enum Missing {
        /** It waits until the interface is there and up. */
        WAIT,
        /** It fails. */
        FAIL
    }

    /**
     * Pcap or pcapng files, which are read in the order of their frames' times.
     *
     * @param path a file, a folder of files, or a pattern of their names as a shell has it, such as {@code recorder-*.pcapng}
     * @param pace how fast their frames come
     */
    record File(Path path, FramePace pace) implements CaptureOrigin {
        @Override
        public String label() {
            return path.toString();
        }
    }
}
