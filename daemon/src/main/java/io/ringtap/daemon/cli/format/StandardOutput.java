package io.ringtap.daemon.cli.format;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A look at standard output's failures: the JDK's print streams keep them to themselves. */
public final class StandardOutput {
    private static final Path TARGET = Path.of("/proc/self/fd/1");

    private StandardOutput() {}

    /** Returns why it did not take all; absent if it did, and if nobody reads it any more, as after {@code | head} or when its terminal has gone. */
    public static Optional<String> failure() {
        if (!System.out.checkError()) {
            return Optional.empty();
        }
        try {
            new FileOutputStream(FileDescriptor.out).write('\n'); // as it will not either, this says why
            return Optional.of("what was printed is not whole");
        } catch (IOException e) {
            return Optional.ofNullable(e.getMessage()).filter(why -> !isUnread(why));
        }
    }

    /** Returns whether a failure to write means that nobody reads it any more. */
    public static boolean isUnread(String why) {
        return why.equals("Broken pipe") || (why.equals("Input/output error") && isTerminal());
    }

    /** Returns whether it is a terminal. */
    public static boolean isTerminal() {
        try {
            Path target = Files.readSymbolicLink(TARGET);
            return target.startsWith("/dev/pts") || target.toString().startsWith("/dev/tty");
        } catch (IOException e) {
            return false;
        }
    }
}
