package io.ringtap.daemon;

import io.ringtap.daemon.cli.ExitCode;
import io.ringtap.daemon.cli.RingtapCommand;
import io.ringtap.daemon.cli.StopSignal;
import java.util.ArrayList;
import java.util.List;

/**
 * Commands one after the other in one process, for the JVM to keep what it loads and learns: {@code
 * daemon/launcher/aot-cache.sh} runs it. A comma is between two commands; the last is run as the process's own.
 */
public final class Rehearsal {
    private Rehearsal() {}

    /** Runs the commands that are its arguments. */
    public static void main(String[] args) {
        List<String> command = new ArrayList<>();
        for (String argument : args) {
            if (!argument.equals(",")) {
                command.add(argument);
                continue;
            }
            String[] words = command.toArray(String[]::new);
            int code = RingtapCommand.run(new StopSignal(), words);
            if (code != ExitCode.DONE) {
                throw new IllegalStateException(String.join(" ", words) + " ended with " + code);
            }
            command.clear();
        }
        Main.main(command.toArray(String[]::new));
    }
}
