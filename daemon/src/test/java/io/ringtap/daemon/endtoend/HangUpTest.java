package io.ringtap.daemon.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.testnet.VethPair;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A daemon that is run in a terminal. */
@Tag("live")
class HangUpTest {
    /** Runs a command in a terminal of its own: a line "reload" signals it, any other takes the terminal away. Ends as it does. */
    private static final String TERMINAL = """
            import os, pty, select, signal, sys
            pid, terminal = pty.fork()
            if pid == 0:
                os.execvp(sys.argv[1], sys.argv[1:])
            while True:
                ready = select.select([0, terminal], [], [])[0]
                if terminal in ready:
                    os.write(1, os.read(terminal, 4096))
                if 0 in ready:
                    if os.read(0, 100) != b"reload\\n":
                        break
                    os.kill(pid, signal.SIGHUP)
            os.close(terminal)
            status = os.waitpid(pid, 0)[1]
            os._exit(os.waitstatus_to_exitcode(status))
            """;

    @TempDir
    private Path folder;

    @Test
    void shouldReloadForASignalAndStopWhenTheTerminalGoes() throws Exception {
        VethPair pair = VethPair.open();
        try (RingtapProcess ringtap = RingtapProcess.startAs(
                List.of("python3", "-c", TERMINAL),
                Installation.here(),
                "run",
                "-irt0",
                "--set",
                "control.socket=" + folder.resolve("c.sock"))) {
            ringtap.awaitReady();
            ringtap.write("reload\n");
            ringtap.awaitOutputLine("reload asked for by SIGHUP: nothing has changed");
            assertTrue(ringtap.isAlive());
            ringtap.write("hang up\n");
            assertEquals(0, ringtap.exitCode(), ringtap.toString());
        } finally {
            pair.close();
        }
    }
}
