package io.ringtap.daemon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.daemon.reference.FittingFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every machine has the interface lo, and hardly one another of a name that is known. */
class ConfigCommandsTest {
    private static final String SEE = "; see ringtap config init --help\n";

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    private int run(String... arguments) {
        return RingtapCommand.commandLine(new StopSignal())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    @Test
    void shouldPrintWhatFitsThisMachine() throws IOException {
        assertEquals(ExitCode.DONE, run("config", "init", "-i", "lo"));
        assertEquals(FittingFile.text("lo", FittingFile.Machine.here()), out.toString());
        assertEquals("", err.toString());
    }

    @Test
    void shouldWriteAFileThatIsInOrder() {
        Path file = folder.resolve("lo.toml");
        assertEquals(ExitCode.DONE, run("config", "init", "-i", "lo", "-o", file.toString()), err::toString);
        assertEquals(file + ": written; ringtap run --config " + file + " uses it\n", out.toString());
        assertEquals(ExitCode.DONE, run("check-config", file.toString()), err::toString);
    }

    @Test
    void shouldLeaveAFileThatThereIs() throws IOException {
        Path file = Files.writeString(folder.resolve("mine.toml"), "# mine\n");
        assertEquals(ExitCode.BAD_USAGE, run("config", "init", "-i", "lo", "-o", file.toString()));
        assertEquals("ringtap: " + file + " exists, and is left as it is: give another file" + SEE, err.toString());
        assertEquals("# mine\n", Files.readString(file));
    }

    @Test
    void shouldSayThatThereIsNoSuchFolder() {
        Path file = folder.resolve("none/lo.toml");
        assertEquals(ExitCode.BAD_USAGE, run("config", "init", "-i", "lo", "-o", file.toString()));
        assertEquals("ringtap: " + file + " cannot be written: there is no such folder" + SEE, err.toString());
    }

    @Test
    void shouldRefuseAnInterfaceThatIsNotThereAndSuggestOne() {
        assertEquals(ExitCode.BAD_USAGE, run("config", "init", "-i", "loo"));
        assertEquals("ringtap: there is no interface \"loo\" (did you mean lo?)" + SEE, err.toString());
        err.getBuffer().setLength(0);
        assertEquals(ExitCode.BAD_USAGE, run("config", "init", "-i", "nosuchinterface"));
        assertTrue(
                err.toString().matches("ringtap: there is no interface \"nosuchinterface\": there is (.*, )?lo\\b.*\n"),
                err::toString);
        assertEquals("", out.toString());
    }

    @Test
    void shouldNameTheCommandThatIsMissing() {
        assertEquals(ExitCode.BAD_USAGE, run("config"));
        assertEquals("ringtap: a command is missing: init; see ringtap config --help\n", err.toString());
    }
}
