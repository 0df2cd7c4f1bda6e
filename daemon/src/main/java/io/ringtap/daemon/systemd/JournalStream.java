package io.ringtap.daemon.systemd;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Standard error for the journal: each line begins with its priority, as sd-daemon(3) has it, in place of the level's name. What
 * follows a line of the log without a level of its own, as a stack trace does, has that line's priority. Any thread, as a
 * PrintStream calls it: one at a time.
 */
public final class JournalStream extends OutputStream {
    private static final Map<String, String> PRIORITIES =
            Map.of("ERROR ", "<3>", "WARN ", "<4>", "INFO ", "<6>", "DEBUG ", "<7>", "TRACE ", "<7>");

    /** Of a line outside the log: what a command says as it fails. */
    private static final String FAILURE = "<3>";

    private final PrintStream journal;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private String priority = FAILURE;

    JournalStream(PrintStream journal) {
        this.journal = journal;
    }

    /**
     * If standard error is the journal, has the log go there with priorities, and without times, which the journal has. Before
     * the first use of a logger.
     */
    public static void adopt() {
        if (isStandardError(System.getenv("JOURNAL_STREAM"))) {
            System.setProperty("org.slf4j.simpleLogger.showDateTime", "false");
            System.setErr(new PrintStream(new JournalStream(System.err), true, StandardCharsets.UTF_8));
        }
    }

    /** Returns whether a stream, {@code device:inode} as systemd.exec(5) says, is what standard error goes to, and not a file instead. */
    static boolean isStandardError(String stream) {
        if (stream == null) {
            return false;
        }
        try {
            Map<String, Object> file = Files.readAttributes(Path.of("/proc/self/fd/2"), "unix:dev,ino");
            return stream.equals(file.get("dev") + ":" + file.get("ino"));
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    @Override
    public void write(int b) {
        if (b != '\n') {
            line.write(b);
            return;
        }
        String text = line.toString(StandardCharsets.UTF_8);
        line.reset();
        journal.println(prefixed(text));
    }

    private String prefixed(String text) {
        for (Map.Entry<String, String> level : PRIORITIES.entrySet()) {
            if (text.startsWith(level.getKey())) {
                priority = level.getValue();
                return priority + text.substring(level.getKey().length());
            }
        }
        if (text.startsWith("ringtap: ")) {
            priority = FAILURE;
        }
        return priority + text;
    }
}
