package io.ringtap.manual;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.daemon.cli.RingtapCommand;
import io.ringtap.daemon.cli.StopSignal;
import io.ringtap.daemon.config.value.FrameRate;
import io.ringtap.daemon.config.value.StreamRate;
import io.ringtap.daemon.config.value.TimeSpan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** What the completions' scripts know, against the command line; .ci/completion-test presses Tab in the shells. */
class CompletionsTest {
    private static final Path ROOT =
            Path.of(System.getProperty("basedir", "")).toAbsolutePath().getParent();

    private final CommandLine ringtap = RingtapCommand.commandLine(new StopSignal());
    private final List<CommandSpec> commands = Completions.all(ringtap.getCommandSpec());

    private Map<String, String> scripts() throws IOException {
        return new Completions(ROOT, ringtap.getCommandSpec()).scripts();
    }

    /** What stands in a script behind a line, up to the next that is like it. */
    private static String part(String script, String from, String to) {
        int begin = script.indexOf(from);
        assertTrue(begin >= 0, from);
        return script.substring(begin + from.length(), script.indexOf(to, begin + from.length()));
    }

    @Test
    void shouldKnowEachOptionOfEachCommandThatHelpShows() throws IOException {
        Map<String, String> scripts = scripts();
        for (CommandSpec command : commands) {
            String path = command.qualifiedName().replaceFirst("^ringtap", "");
            String bash = part(scripts.get("ringtap.bash"), "\"" + path + "\")", ";;");
            String zsh = part(scripts.get("_ringtap"), "\n_ringtap" + path.replace(' ', '_') + "() {", "\n}\n");
            String fish = scripts.get("ringtap.fish")
                    .lines()
                    .filter(line -> line.contains("'__ringtap_at -" + path + "'"))
                    .collect(Collectors.joining("\n"));
            for (OptionSpec option : command.options()) {
                for (String name : option.names()) {
                    String inFish = name.startsWith("--") ? " -l " + name.substring(2) : " -s " + name.substring(1);
                    boolean shown = !option.hidden();
                    assertEquals(shown, bash.matches("(?s).*[ ']" + name + "[ '].*"), command + " " + name);
                    assertEquals(shown, zsh.matches("(?s).*[{,)']" + name + "[+=,}'].*"), command + " " + name);
                    assertEquals(shown, fish.matches("(?s).*" + inFish + "[ ].*"), command + " " + name);
                }
            }
        }
        scripts.forEach((name, script) -> assertFalse(script.contains("inside-namespace"), name));
    }

    @Test
    void shouldOfferNoWordThatItsOptionRefuses() {
        Set<String> offering = new TreeSet<>();
        for (CommandSpec command : commands) {
            for (OptionSpec option : command.options()) {
                for (String word : Candidates.of(option).words()) {
                    offering.add(option.longestName());
                    try {
                        List<String> words = Stream.concat(
                                        Stream.of(command.qualifiedName().split(" "))
                                                .skip(1),
                                        Stream.of(option.longestName() + "=" + word))
                                .toList();
                        ringtap.parseArgs(words.toArray(String[]::new));
                    } catch (MissingParameterException e) { // something else, which must be there too
                        assertFalse(e.getMessage().contains(option.longestName()), e.getMessage());
                    }
                }
            }
        }
        assertEquals(
                Set.of("--by", "--cut-frames", "--engine", "--long-frames", "--rate", "--short-frames", "--vlan"),
                offering);
    }

    @Test
    void shouldOfferUnitsThatThereAre() {
        candidates("ringtap demo", "--rate").units().forEach(unit -> FrameRate.parse("1" + unit));
        candidates("ringtap inject", "--rate").units().forEach(unit -> StreamRate.parseAsked("1" + unit));
        candidates("ringtap inject", "--rate").words().forEach(StreamRate::parseAsked);
        candidates("ringtap inject", "--duration").units().forEach(unit -> TimeSpan.parse("1" + unit));
        assertEquals(7, candidates("ringtap inject", "--rate").units().size());
        assertEquals(List.of(), candidates("ringtap demo", "--rate").words());
    }

    private Candidates candidates(String command, String option) {
        CommandSpec spec = commands.stream()
                .filter(one -> one.qualifiedName().equals(command))
                .findFirst()
                .orElseThrow();
        return Candidates.of(spec.optionsMap().get(option));
    }

    @Test
    void shouldNotShowTheCommandThatTheyAskBy() throws IOException {
        assertTrue(ringtap.getSubcommands().containsKey("names"));
        assertFalse(commands.stream().anyMatch(command -> command.name().equals("names")));
        assertFalse(ringtap.getUsageMessage().contains("names of"));
        new Manual(ROOT, "1", "2026-11-20").pages().keySet().forEach(page -> assertFalse(page.contains("names"), page));
    }
}
