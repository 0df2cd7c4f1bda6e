package io.ringtap.daemon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** As much of the command line as is given is made, and it is like the whole. */
class RingtapCommandTest {
    private static Set<String> madeFor(String... arguments) {
        return RingtapCommand.commandLine(new StopSignal(), arguments)
                .getSubcommands()
                .keySet();
    }

    private static String helpOf(String command, String... made) {
        StringWriter said = new StringWriter();
        RingtapCommand.commandLine(new StopSignal(), made)
                .setOut(new PrintWriter(said, true))
                .execute(command, "--help");
        return said.toString();
    }

    @Test
    void shouldMakeTheCommandThatIsGivenAlone() {
        assertEquals(Set.of("stats"), madeFor("stats", "--json"));
        assertEquals(Set.of(), madeFor("--version"));
    }

    @Test
    void shouldMakeAllWhereAllAreToldOf() {
        Set<String> all =
                RingtapCommand.commandLine(new StopSignal()).getSubcommands().keySet();
        assertEquals(19, all.size()); // the one that help does not show, too
        assertEquals(all, madeFor());
        assertEquals(all, madeFor("--help"));
        assertEquals(all, madeFor("stat"));
        assertEquals(all, madeFor("--version", "stats"));
    }

    @Test
    void shouldSayOfACommandAloneWhatTheWholeSays() {
        for (String command : madeFor()) {
            assertEquals(helpOf(command), helpOf(command, command), command);
        }
    }
}
