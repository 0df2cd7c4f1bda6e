package io.ringtap.daemon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is wrong on the command line, or in the configuration it names, is told in a line each. */
class BadUsageTest {
    @TempDir
    private Path folder;

    /** Runs a command, which must end with the exit code for bad usage, and gives what it says. */
    private static List<String> errorsOf(String... arguments) {
        StringWriter said = new StringWriter();
        int code = RingtapCommand.commandLine(new StopSignal(), arguments)
                .setErr(new PrintWriter(said, true))
                .execute(arguments);
        assertEquals(ExitCode.BAD_USAGE, code, said.toString());
        return said.toString().lines().toList();
    }

    @Test
    void shouldReportEveryProblemOfAConfigurationAtItsPlace() throws IOException {
        Path file = Files.writeString(folder.resolve("bad.toml"), """
                [[capture]]
                interface = "rt0"
                bufer = "64 MiB"
                mode = "fast"
                [[worker]]
                name = "w"
                threads = 0
                [[worker.handler]]
                type = "count"
                """);
        for (String[] arguments : List.of(
                new String[] {"run", "--config", file.toString()}, new String[] {"check-config", file.toString()})) {
            List<String> errors = errorsOf(arguments);
            assertEquals(3, errors.size(), errors.toString());
            assertTrue(errors.get(0).startsWith(file + ":3:1: capture.bufer: "), errors.toString());
            assertTrue(errors.get(0).contains("did you mean"), errors.toString());
            assertTrue(errors.get(1).startsWith(file + ":4:1: capture.mode: "), errors.toString());
            assertTrue(errors.get(2).startsWith(file + ":7:1: worker.threads: "), errors.toString());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "run --nosuch, Unknown option: '--nosuch'; see ringtap run --help",
        "run -i, Missing required parameter for option '--interface' (INTERFACE); see ringtap run --help",
        "check-config, Missing required parameter: 'FILE'; see ringtap check-config --help",
        "stream rate x, Missing required parameter: 'RATE'; see ringtap stream rate --help",
        "nosuch, 'there is no command \"nosuch\"; see ringtap --help'",
        "stat, 'there is no command \"stat\" (did you mean stats?); see ringtap --help'",
        "stream lst, 'there is no command \"lst\" (did you mean list?); see ringtap stream --help'",
        "stats --socket=, '--socket must not be empty; see ringtap stats --help'",
        "stats 3, 'there is one argument too many: \"3\"; see ringtap stats --help'",
        "inject --hex 00 --engine mmsq, 'Invalid value for option ''--engine'': must be \"sendpacket\" or \"mmsg\" or \"xdp\", not \"mmsq\" (did you mean mmsg?); see ringtap inject --help'",
        "demo --seconds 0, '--seconds: must be more than 0: there would be nothing to judge by; see ringtap demo --help'",
        "run, 'there is no /etc/ringtap/ringtap.toml: name a configuration with --config, or an interface with -i; see ringtap run --help'",
        "stats --interval x, Invalid value for option '--interval': 'x' is not a number; see ringtap stats --help",
        "demo --rate fast, '--rate: must be a rate such as \"350 kpps\", not \"fast\"; see ringtap demo --help'",
        "demo --set worker.threads=3, '--set worker.threads=3: a demonstration has keys of capture to set, such as capture.buffer; see ringtap demo --help'"
    })
    void shouldReportBadUsageInALine(String arguments, String error) {
        assertEquals(List.of("ringtap: " + error), errorsOf(arguments.split(" ", -1)));
    }
}
