package io.ringtap.daemon.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.util.Optional;

/** Whether standard output took what was printed: the JDK's print streams keep that to themselves. */
final class StandardOutput {
    private static final String NOBODY_READS = "Broken pipe";

    private StandardOutput() {}

    /** Why it did not take all; absent if it did, and if nobody reads it any more, as after {@code | head}. */
    static Optional<String> failure() {
        if (!System.out.checkError()) {
            return Optional.empty();
        }
        try {
            new FileOutputStream(FileDescriptor.out).write('\n'); // as it will not either, this says why
            return Optional.of("what was printed is not whole");
        } catch (IOException e) {
            return Optional.ofNullable(e.getMessage()).filter(why -> !why.equals(NOBODY_READS));
        }
    }
}
