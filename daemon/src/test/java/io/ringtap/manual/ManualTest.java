package io.ringtap.manual;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.daemon.cli.RingtapCommand;
import io.ringtap.daemon.cli.StopSignal;
import io.ringtap.daemon.control.ControlClient;
import io.ringtap.daemon.plugin.PluginFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.Node;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The manual pages, as man shows them, against the command line and the documents that they are made from. */
@TestInstance(Lifecycle.PER_CLASS) // man is asked once for each page
class ManualTest {
    private static final Path ROOT =
            Path.of(System.getProperty("basedir", "")).toAbsolutePath().getParent();
    private static final Pattern SECTION = Pattern.compile("^(?! )(.+)\n", Pattern.MULTILINE);
    private static final Pattern WORD = Pattern.compile("\"[^\"]*\"|[^\\s\"]+(?:\"[^\"]*\")?");

    private final CommandLine ringtap = RingtapCommand.commandLine(new StopSignal());
    private final Map<String, String> shown = new HashMap<>();
    private Path folder;
    private Map<String, String> pages;

    @BeforeAll
    void make(@TempDir Path empty) throws IOException {
        folder = empty;
        pages = new Manual(ROOT, "1.2.3", "2026-11-20").pages();
        Manual.write(pages, folder);
    }

    /** What man prints of a page, and its warnings. */
    private String man(String page, int width, String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of("man", "--warnings", "-E", "UTF-8", "-l"));
        command.addAll(List.of(options));
        command.add(folder.resolve(page).toString());
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(Map.of("LC_ALL", "C.UTF-8", "MANWIDTH", Integer.toString(width)));
        Process process = builder.start();
        process.getOutputStream().close();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), printed);
        return printed;
    }

    /** A page in lines that never end but where they must. */
    private String shown(String page) throws Exception {
        String known = shown.get(page);
        if (known == null) {
            known = man(page, 100_000);
            shown.put(page, known);
        }
        return known;
    }

    private static String words(String text) {
        return text.replaceAll("\\s+", " ").strip();
    }

    private List<CommandSpec> commands() {
        return CommandPage.commandsOf(ringtap.getCommandSpec());
    }

    @Test
    void shouldRenderWithoutWarnings() throws Exception {
        for (String page : pages.keySet()) {
            for (int width : new int[] {60, 80, 200}) {
                String printed = man(page, width, "-Tutf8", "-Z");
                assertTrue(
                        printed.startsWith("x T utf8\n"),
                        page + ": " + printed.lines().findFirst());
            }
        }
    }

    @Test
    void shouldHaveAPageOfEachCommandWithTheUsualSectionsInTheirOrder() throws Exception {
        List<String> usual = List.of(
                "NAME",
                "SYNOPSIS",
                "DESCRIPTION",
                "COMMANDS",
                "OPTIONS",
                "EXIT STATUS",
                "FILES",
                "ENVIRONMENT",
                "EXAMPLES",
                "SEE ALSO");
        for (CommandSpec command : Stream.concat(Stream.of(ringtap.getCommandSpec()), commands().stream())
                .toList()) {
            String page = CommandPage.name(command) + ".1";
            List<String> sections = SECTION.matcher(shown(page))
                    .results()
                    .map(found -> found.group(1))
                    .filter(usual::contains)
                    .toList();
            List<String> wanted = new ArrayList<>(usual);
            if (CommandPage.commandsOf(command).isEmpty()) {
                wanted.remove("COMMANDS");
            }
            if (!sections.contains("FILES")) { // of a command that has no option which names one
                wanted.remove("FILES");
                assertTrue(
                        Stream.of("--config", "--socket", "--plugins").noneMatch(command.optionsMap()::containsKey),
                        page);
            }
            assertEquals(wanted, sections, page);
        }
    }

    @Test
    void shouldTellOfEachCommandOptionAndParameterWhatItsHelpTells() throws Exception {
        for (CommandSpec top : commands()) {
            String page = CommandPage.name(top) + ".1";
            String shown = words(shown(page));
            List<Executable> told = new ArrayList<>();
            for (CommandSpec command : Completions.all(top)) {
                told.add(() -> assertHas(shown, command.qualifiedName(), page));
                for (String paragraph : command.usageMessage().description()) {
                    told.add(() -> assertHas(shown, paragraph, page));
                }
                command.args().stream()
                        .filter(argument -> !argument.hidden())
                        .forEach(argument -> told.add(() -> assertHas(shown, entry(argument), page)));
            }
            assertAll(page, told);
        }
        String all = words(shown("ringtap.1"));
        commands().forEach(command -> assertHas(all, CommandPage.name(command) + "(1)", "ringtap.1"));
    }

    private static String entry(ArgSpec argument) {
        String text = String.join(" ", argument.description());
        if (!(argument instanceof OptionSpec option)) {
            return argument.paramLabel() + " " + text;
        }
        String value = option.arity().max() == 0 ? "" : "=" + option.paramLabel();
        return option.longestName() + value + " " + text;
    }

    private static void assertHas(String shown, String text, String page) {
        String wanted = words(text.replace("`", ""));
        assertTrue(shown.contains(wanted), () -> page + " lacks: " + wanted);
    }

    @Test
    void shouldNameThePlacesThatTheProgramKnows() throws Exception {
        String shown = shown("ringtap.1");
        assertHas(shown, "/etc/ringtap/ringtap.toml", "ringtap.1");
        assertHas(shown, ControlClient.DEFAULT_SOCKET, "ringtap.1");
        assertHas(shown, PluginFolder.DEFAULT.toString(), "ringtap.1");
    }

    @Test
    void shouldTellTheExitCodesThatTheReadmeTells() throws Exception {
        Map<String, String> told = new TreeMap<>();
        Pattern.compile("^\\| (\\d) \\| (.*) \\|$", Pattern.MULTILINE)
                .matcher(Files.readString(ROOT.resolve("README.md")))
                .results()
                .forEach(row -> told.put(row.group(1), row.group(2)));
        assertEquals(told, ringtap.getCommandSpec().usageMessage().exitCodeList());
        String shown = words(shown("ringtap.1"));
        told.forEach((code, meaning) -> assertHas(shown, code + " " + meaning, "ringtap.1"));
    }

    @Test
    void shouldHaveExamplesThatTheCommandLineTakes() throws Exception {
        Map<String, Integer> examples = new TreeMap<>();
        for (CommandSpec command : Completions.all(ringtap.getCommandSpec())) {
            if (!pages.containsKey(CommandPage.name(command) + ".1")) {
                continue;
            }
            String page = CommandPage.name(command) + ".1";
            String section = shown(page).replaceFirst("(?s).*\nEXAMPLES\n(.*)\nSEE ALSO\n.*", "$1");
            for (String line :
                    section.lines().filter(l -> l.startsWith(" ".repeat(11))).toList()) {
                examples.merge(page, 1, Integer::sum);
                for (String part : line.strip().split(" (?:\\||&&) ", -1)) {
                    List<String> words = shellWords(part.strip());
                    words.removeIf(word -> word.startsWith("RINGTAP_"));
                    if (words.removeFirst().equals("ringtap")) {
                        ringtap.parseArgs(words.toArray(String[]::new)); // throws where it would end with exit code 2
                    }
                }
            }
        }
        assertEquals(commands().size() + 1, examples.size(), examples::toString);
    }

    private static List<String> shellWords(String line) {
        List<String> words = new ArrayList<>();
        WORD.matcher(line).results().forEach(found -> words.add(found.group().replace("\"", "")));
        return words;
    }

    @Test
    void shouldSayOfHandlersAllThatTheDocumentsSay() throws Exception {
        String shown = shown("ringtap-handlers.7");
        String words = words(shown);
        for (String document : List.of("capture/HANDLERS.md", "capture/BUILT-IN.md")) {
            String text = Files.readString(ROOT.resolve(document)).replaceFirst("(?s)## See it hold.*", "");
            List<String> literals = literals(text);
            assertTrue(literals.size() > 50, document);
            for (String literal : literals) {
                String installed = literal.replace("./ringtap ", "ringtap ")
                        .replace("daemon/target/lib/*", "/usr/lib/ringtap/lib/*");
                assertTrue(words.contains(words(installed)), () -> document + ": " + installed);
            }
        }
    }

    /** The literals of a document: spans of code, and lines of blocks. */
    private static List<String> literals(String text) {
        List<String> literals = new ArrayList<>();
        AbstractVisitor visitor = new AbstractVisitor() {
            @Override
            public void visit(Code code) {
                literals.add(code.getLiteral());
            }

            @Override
            public void visit(FencedCodeBlock block) {
                block.getLiteral().lines().forEach(literals::add);
            }
        };
        for (Node block : Markdown.blocks(text)) {
            block.accept(visitor);
        }
        return literals;
    }

    @Test
    void shouldNameNoDocumentThatIsNotInstalled() throws Exception {
        Pattern document = Pattern.compile("/usr/share/doc/ringtap/([\\w./-]*\\w)");
        List<String> named = new ArrayList<>();
        for (String page : pages.keySet()) {
            document.matcher(shown(page)).results().forEach(found -> named.add(found.group(1)));
        }
        assertTrue(named.contains("capture/BUILT-IN.md"));
        named.forEach(name -> assertTrue(Files.exists(ROOT.resolve(name)), name));
    }
}
