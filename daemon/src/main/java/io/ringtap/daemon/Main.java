package io.ringtap.daemon;

import io.ringtap.daemon.cli.ExitCode;
import io.ringtap.daemon.cli.RingtapCommand;
import io.ringtap.daemon.cli.StopSignal;
import io.ringtap.daemon.systemd.JournalStream;

/** The process: runs the command line, and ends with its exit code, on a signal too. */
public final class Main {
    private Main() {}

    /** Runs a command; see {@code ringtap --help}. */
    public static void main(String[] args) {
        JournalStream.adopt();
        StopSignal stop = new StopSignal();
        // A JVM that a signal ends would say 128 + signal, however well the command ended.
        Thread atEnd = new Thread(() -> end(stop), "stop");
        Runtime.getRuntime().addShutdownHook(atEnd);
        int code = ExitCode.FAILED;
        try {
            code = RingtapCommand.run(stop, args);
        } finally { // an Error, too, must not leave the end waiting for a command that is over
            System.out.flush();
            stop.finished(code);
        }
        System.exit(code);
    }

    private static void end(StopSignal stop) {
        int code = stop.await();
        try {
            FlightRecordings.awaitWritten();
        } finally { // whatever that throws
            Runtime.getRuntime().halt(code);
        }
    }
}
