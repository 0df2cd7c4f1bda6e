package io.ringtap.manual;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.commonmark.node.Node;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Ansi.IStyle;
import picocli.CommandLine.Help.ColorScheme;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The manual page of a command with all of its commands, or of ringtap itself: what the command line is made of, then
 * sections that are written by hand.
 */
final class CommandPage {
    private static final String NO_DAEMON = "4";
    private static final int LONGEST_BRIEF = 100;
    private static final Pattern FIRST_CLAUSE = Pattern.compile("[.:;](\\s.*)?$", Pattern.DOTALL);

    private final CommandSpec command;
    private final Map<String, List<Node>> sections;
    private final Roff page = new Roff();

    /**
     * The page of a command.
     *
     * @param sections what is written by hand, by heading
     */
    CommandPage(CommandSpec command, Map<String, List<Node>> sections) {
        this.command = command;
        this.sections = sections;
    }

    /** The name of its page, without the section, which is 1. */
    static String name(CommandSpec command) {
        return command.qualifiedName("-");
    }

    static List<CommandSpec> commandsOf(CommandSpec command) {
        return command.subcommands().values().stream()
                .map(line -> line.getCommandSpec())
                .filter(spec -> !spec.usageMessage().hidden())
                .toList();
    }

    /** What a command is for, in a line. */
    static String brief(CommandSpec command) {
        String first =
                FIRST_CLAUSE.matcher(command.usageMessage().description()[0]).replaceFirst("");
        int comma = first.lastIndexOf(", ", LONGEST_BRIEF);
        if (first.length() > LONGEST_BRIEF && comma > 0) {
            first = first.substring(0, comma);
        }
        return first.substring(0, 1).toLowerCase(Locale.ROOT) + first.substring(1);
    }

    /** The page as man(7). */
    String text(List<String> seeAlso, String date, String version) {
        page.title(name(command), "1", date, "ringtap " + version, "User Commands");
        page.section("name").lines(Roff.text(name(command) + " - ") + Markdown.inline(brief(command)));
        synopsis();
        page.section("description");
        paragraphs(command);
        commands();
        options();
        exitStatus();
        files();
        byHand("Environment", "environment");
        byHand("Examples of " + command.qualifiedName(), "examples");
        page.section("see also");
        page.lines(seeAlso.stream()
                .filter(other -> !other.equals(name(command) + "(1)"))
                .map(Roff::text)
                .collect(Collectors.joining(",\n")));
        return page.toString();
    }

    private void synopsis() {
        page.section("synopsis");
        List<CommandSpec> shown = new ArrayList<>(isRoot() ? List.of() : commandsOf(command));
        if (shown.isEmpty()) {
            shown.add(command);
        }
        shown.forEach(this::synopsis);
    }

    private void synopsis(CommandSpec shown) {
        IStyle bold = style("\\fB");
        IStyle italic = style("\\fI");
        ColorScheme scheme = new ColorScheme.Builder(Ansi.ON)
                .options(bold)
                .parameters(italic)
                .optionParams(italic)
                .build();
        int width = shown.usageMessage().width();
        shown.usageMessage().width(10_000);
        String synopsis = new Help(shown, scheme).synopsis(0).strip();
        shown.usageMessage().width(width);
        String arguments = synopsis.replaceAll("\u001b\\[[0-9;]*m", "")
                .substring(shown.qualifiedName().length())
                .strip();
        page.request("SY", Roff.text(shown.qualifiedName()));
        page.lines(Roff.text(arguments).replaceAll("\\\\e(?=f[BIR])", "\\\\")).request("YS");
    }

    private static IStyle style(String on) {
        return new IStyle() {
            @Override
            public String on() {
                return on;
            }

            @Override
            public String off() {
                return "\\fR";
            }
        };
    }

    private void paragraphs(CommandSpec described) {
        for (String paragraph : described.usageMessage().description()) {
            page.paragraph().lines(Markdown.inline(paragraph));
        }
    }

    private void commands() {
        List<CommandSpec> commands = commandsOf(command);
        if (commands.isEmpty()) {
            return;
        }
        page.section("commands");
        for (CommandSpec one : commands) {
            if (isRoot()) {
                String text = Markdown.inline(brief(one)) + ":\n" + Roff.text(name(one) + "(1)");
                page.tagged(Roff.bold(Roff.text(one.name())), text);
            } else {
                page.request("SS", Roff.text(one.qualifiedName()));
                paragraphs(one);
                arguments(Stream.concat(
                        one.positionalParameters().stream(),
                        one.options().stream().filter(option -> !option.inherited() && !isStandard(option))));
            }
        }
    }

    private static boolean isStandard(OptionSpec option) {
        return option.usageHelp() || option.versionHelp();
    }

    private void options() {
        page.section("options");
        List<ArgGroupSpec> headed = command.argGroups().stream()
                .filter(group -> group.heading() != null)
                .toList();
        Stream<ArgSpec> others = Stream.concat(
                command.positionalParameters().stream(),
                command.options().stream().sorted(Comparator.comparing(OptionSpec::longestName)));
        arguments(others.filter(argument ->
                headed.stream().noneMatch(group -> group.allOptionsNested().contains(argument))));
        for (ArgGroupSpec group : headed) {
            page.request("SS", Roff.text(group.heading().replaceAll(":?(%n)?$", "")));
            arguments(group.allOptionsNested().stream().map(ArgSpec.class::cast));
        }
    }

    private void arguments(Stream<ArgSpec> arguments) {
        arguments
                .filter(argument -> !argument.hidden())
                .forEach(argument ->
                        page.tagged(tag(argument), Markdown.inline(String.join("\n", argument.description()))));
    }

    private static String tag(ArgSpec argument) {
        String label = Roff.italic(Roff.text(argument.paramLabel()));
        if (!(argument instanceof OptionSpec option)) {
            return label;
        }
        String names = Stream.of(option.names())
                .sorted(Comparator.comparingInt(String::length))
                .map(name -> Roff.bold(Roff.text(name)))
                .collect(Collectors.joining(", "));
        return option.arity().max() == 0 ? names : names + "=" + label;
    }

    private void exitStatus() {
        page.section("exit status");
        boolean asks = isRoot() || command.optionsMap().containsKey("--socket");
        command.root().usageMessage().exitCodeList().forEach((code, meaning) -> {
            if (asks || !code.equals(NO_DAEMON)) {
                page.tagged(Roff.bold(code), Markdown.inline(meaning));
            }
        });
    }

    /** A command tells of the files that its options choose, ringtap's own page of all. */
    private void files() {
        List<String> told = sections.keySet().stream()
                .filter(heading -> heading.startsWith("Files"))
                .filter(heading -> isRoot() || command.optionsMap().containsKey(heading.replaceFirst(".* ", "")))
                .toList();
        if (!told.isEmpty()) {
            page.section("files");
            told.forEach(this::write);
        }
    }

    private void byHand(String heading, String section) {
        if (sections.containsKey(heading)) {
            page.section(section);
            write(heading);
        }
    }

    private void write(String heading) {
        Markdown.write(sections.get(heading), Path.of(""), page);
    }

    private boolean isRoot() {
        return command.parent() == null;
    }
}
