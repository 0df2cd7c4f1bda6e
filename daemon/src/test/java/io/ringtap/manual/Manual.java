package io.ringtap.manual;

import io.ringtap.daemon.cli.RingtapCommand;
import io.ringtap.daemon.cli.StopSignal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.commonmark.node.Heading;
import org.commonmark.node.Node;
import picocli.CommandLine.Model.CommandSpec;

/** The manual pages, made from the command line and from the documents: what the build leaves in daemon/target. */
public final class Manual {
    /** Written by hand: sections of the commands' pages, and whole pages. */
    private static final Path SOURCES = Path.of("daemon/src/main/man");

    private static final Path DOCUMENTS = Path.of("/usr/share/doc/ringtap");
    private static final String HANDLERS = "ringtap-handlers.7";

    private final Path root;
    private final String version;
    private final String date;
    private final CommandSpec ringtap =
            RingtapCommand.commandLine(new StopSignal()).getCommandSpec();

    /**
     * The manual of a checkout.
     *
     * @param date of all pages, as year-month-day
     */
    Manual(Path root, String version, String date) {
        this.root = root;
        this.version = version;
        this.date = date;
    }

    /**
     * Writes pages and completions into man and completions of a folder: arguments are the checkout, the folder, the version,
     * and its time in ISO 8601.
     */
    public static void main(String[] arguments) throws IOException {
        Path root = Path.of(arguments[0]);
        Path folder = Path.of(arguments[1]);
        Manual manual = new Manual(root, arguments[2], arguments[3].replaceFirst("T.*", ""));
        write(manual.pages(), folder.resolve("man"));
        write(new Completions(root, manual.ringtap).scripts(), folder.resolve("completions"));
    }

    /** Writes files by their names. */
    static void write(Map<String, String> files, Path folder) throws IOException {
        Files.createDirectories(folder);
        for (Map.Entry<String, String> file : files.entrySet()) {
            Files.writeString(folder.resolve(file.getKey()), file.getValue());
        }
    }

    /** Each page by the name of its file. */
    Map<String, String> pages() throws IOException {
        List<CommandSpec> commands = Stream.concat(Stream.of(ringtap), CommandPage.commandsOf(ringtap).stream())
                .toList();
        Map<String, Path> byHand = new LinkedHashMap<>();
        try (Stream<Path> files = Files.list(root.resolve(SOURCES))) {
            files.sorted()
                    .filter(file -> file.toString().matches(".*\\.\\d\\.md"))
                    .forEach(file -> byHand.put(file.getFileName().toString().replaceFirst("\\.md$", ""), file));
        }
        List<String> all = new ArrayList<>();
        commands.forEach(command -> all.add(CommandPage.name(command) + "(1)"));
        Stream.concat(Stream.of(HANDLERS, "ringtap.toml.5"), byHand.keySet().stream())
                .forEach(file -> all.add(file.replaceFirst("\\.(\\d)$", "($1)")));

        Map<String, String> pages = new LinkedHashMap<>();
        Map<String, List<Node>> sections = sections(blocks(SOURCES.resolve("commands.md")));
        for (CommandSpec command : commands) {
            pages.put(CommandPage.name(command) + ".1", new CommandPage(command, sections).text(all, date, version));
        }
        for (Map.Entry<String, Path> page : byHand.entrySet()) {
            pages.put(page.getKey(), byHand(page.getKey(), page.getValue()));
        }
        pages.put(HANDLERS, handlers());
        return pages;
    }

    private List<Node> blocks(Path document) throws IOException {
        return Markdown.blocks(Files.readString(root.resolve(document)));
    }

    private static Map<String, List<Node>> sections(List<Node> blocks) {
        Map<String, List<Node>> sections = new LinkedHashMap<>();
        List<Node> section = new ArrayList<>();
        for (Node block : blocks) {
            if (isHeading(1).test(block)) {
                section = new ArrayList<>();
                sections.put(Markdown.plain(block), section);
            } else {
                section.add(block);
            }
        }
        return sections;
    }

    private static Predicate<Node> isHeading(int level) {
        return node -> node instanceof Heading heading && heading.getLevel() == level;
    }

    private Roff titled(String file, String manual) {
        String name = file.replaceFirst("\\.\\d$", "");
        return new Roff().title(name, file.substring(file.length() - 1), date, "ringtap " + version, manual);
    }

    private String byHand(String name, Path source) throws IOException {
        Roff page = titled(name, "System Administration");
        Markdown.write(Markdown.blocks(Files.readString(source)), DOCUMENTS, page);
        return page.toString();
    }

    /** What capture/HANDLERS.md and BUILT-IN.md say, of what is installed. */
    private String handlers() throws IOException {
        Roff page = titled(HANDLERS, "Miscellanea");
        page.section("name").lines(Roff.text("ringtap-handlers - the handlers of ringtap, and how to write one"));
        page.section("description");
        Path folder = DOCUMENTS.resolve("capture");
        List<Node> own = ofInstalled("capture/HANDLERS.md");
        own.removeIf(isHeading(1));
        int checkout = Math.max(0, own.size()); // what only a checkout has
        for (int i = 0; i < own.size(); i++) {
            if (own.get(i) instanceof Heading heading) {
                heading.setLevel(heading.getLevel() - 1);
                checkout = Markdown.plain(heading).equals("See it hold") ? i : checkout;
            }
        }
        Markdown.write(own.subList(0, checkout), folder, page);
        Markdown.write(ofInstalled("capture/BUILT-IN.md"), folder, page);
        page.section("see also").lines(Roff.text("ringtap(1), ringtap-run(1), ringtap.toml(5), pcap-filter(7)"));
        return page.toString();
    }

    private List<Node> ofInstalled(String document) throws IOException {
        String text = Files.readString(root.resolve(document))
                .replace("daemon/target/lib/*", "/usr/lib/ringtap/lib/*")
                .replace("./ringtap ", "ringtap ");
        return new ArrayList<>(Markdown.blocks(text));
    }
}
