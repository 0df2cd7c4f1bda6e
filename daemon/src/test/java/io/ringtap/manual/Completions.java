package io.ringtap.manual;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Completions for bash, zsh and fish: what is written by hand for each, and behind it what the commands take. */
final class Completions {
    private static final Path SOURCES = Path.of("daemon/src/main/completions");

    private final Path root;
    private final CommandSpec ringtap;

    Completions(Path root, CommandSpec ringtap) {
        this.root = root;
        this.ringtap = ringtap;
    }

    /** Each script by the name of its file. */
    Map<String, String> scripts() throws IOException {
        return Map.of(
                "ringtap.bash", byHand("ringtap.bash") + bash(),
                "_ringtap", byHand("_ringtap") + zsh(),
                "ringtap.fish", byHand("ringtap.fish") + fish());
    }

    private String byHand(String script) throws IOException {
        return Files.readString(root.resolve(SOURCES).resolve(script));
    }

    static List<CommandSpec> all(CommandSpec command) {
        return Stream.concat(
                        Stream.of(command),
                        CommandPage.commandsOf(command).stream().flatMap(sub -> all(sub).stream()))
                .toList();
    }

    private static List<OptionSpec> options(CommandSpec command) {
        return command.options().stream().filter(option -> !option.hidden()).toList();
    }

    private static boolean takesValue(OptionSpec option) {
        return option.arity().max() > 0;
    }

    private static String names(List<CommandSpec> commands) {
        return commands.stream().map(CommandSpec::name).collect(Collectors.joining(" "));
    }

    /** Without ringtap itself, each after a space. */
    private static String path(CommandSpec command) {
        return command.qualifiedName().substring("ringtap".length());
    }

    private String bash() {
        StringBuilder text = new StringBuilder("_ringtap_takes() { # COMMANDS, each after a space\n    case $1 in\n");
        for (CommandSpec command : all(ringtap)) {
            String options = options(command).stream()
                    .flatMap(option -> Stream.of(option.names()))
                    .collect(Collectors.joining(" "));
            String values = options(command).stream()
                    .filter(Completions::takesValue)
                    .flatMap(option -> Stream.of(option.names())
                            .map(name -> name + ":" + Candidates.of(option).word()))
                    .collect(Collectors.joining(" "));
            String parameters = command.positionalParameters().stream()
                    .map(parameter -> Candidates.of(parameter).word())
                    .collect(Collectors.joining(" "));
            text.append("        \"%s\")\n".formatted(path(command)));
            assign(text, "commands", names(CommandPage.commandsOf(command)));
            assign(text, "options", options);
            assign(text, "values", values);
            assign(text, "parameters", parameters);
            text.append("            ;;\n");
        }
        return text + "    esac\n}\n";
    }

    private static void assign(StringBuilder text, String name, String value) {
        text.append("            %s='%s'\n".formatted(name, value));
    }

    private String zsh() {
        StringBuilder text = new StringBuilder();
        for (CommandSpec command : all(ringtap)) {
            List<CommandSpec> commands = CommandPage.commandsOf(command);
            List<String> specs = new ArrayList<>();
            options(command).forEach(option -> specs.add(zshOption(option)));
            command.positionalParameters()
                    .forEach(parameter -> specs.add("':" + parameter.paramLabel() + zshAction(parameter) + "'"));
            if (!commands.isEmpty()) {
                specs.add("'1:COMMAND:->command'");
                specs.add("'*:: :->argument'");
            }
            text.append("_ringtap%s() {\n".formatted(path(command).replace(' ', '_')));
            if (command.parent() == null) {
                text.append("    local -a ringtap_words=($words)\n");
            }
            text.append("    local curcontext=$curcontext state line\n    typeset -A opt_args\n");
            String ownEnd = commands.isEmpty() ? "" : " -A '-*'"; // options behind a command are that one's
            text.append("    _arguments -C -S%s \\\n        ".formatted(ownEnd))
                    .append(String.join(" \\\n        ", specs));
            text.append(commands.isEmpty() ? "\n}\n\n" : "\n" + zshCommands(command, commands) + "}\n\n");
        }
        return text + "_ringtap \"$@\"\n";
    }

    private static String zshCommands(CommandSpec command, List<CommandSpec> commands) {
        String described = commands.stream()
                .map(one -> "                '%s:%s'\n".formatted(one.name(), zshText(CommandPage.brief(one))))
                .collect(Collectors.joining());
        return """
                    case $state in
                        command)
                            local -a commands=(
                %s            )
                            _describe command commands
                            ;;
                        argument) (( $+functions[_ringtap%s_$line[1]] )) && _ringtap%s_$line[1] ;;
                    esac
                """.formatted(described, function(command), function(command));
    }

    private static String function(CommandSpec command) {
        return path(command).replace(' ', '_');
    }

    private static String zshOption(OptionSpec option) {
        List<String> names = List.of(option.names());
        String value = takesValue(option) ? ":" + option.paramLabel() + zshAction(option) : "";
        String described = "'[%s]%s'".formatted(zshText(brief(option)), value);
        String repeated = option.isMultiValue() ? "'*'" : "";
        String apart = option.isMultiValue() ? "" : "'(" + String.join(" ", names) + ")'";
        String spelt = names.stream()
                .map(name -> takesValue(option) ? name + (name.startsWith("--") ? "=" : "+") : name)
                .collect(Collectors.joining(","));
        return repeated + apart + (names.size() == 1 ? spelt : "{" + spelt + "}") + described;
    }

    /** One that begins with a space is run as it is, without options of compadd among its arguments. */
    private static String zshAction(ArgSpec argument) {
        Candidates candidates = Candidates.of(argument);
        return ":"
                + switch (candidates.kind()) {
                    case Candidates.FILE -> "_files";
                    case Candidates.FOLDER -> "_files -/";
                    case Candidates.INTERFACES -> "_ringtap_interfaces";
                    case Candidates.WORDS -> " _ringtap_units " + candidates.wordsAndUnits();
                    default -> candidates.isNone() ? " " : " _ringtap_names " + candidates.kind();
                };
    }

    private static String zshText(String text) {
        return text.replaceAll("([\\[\\]:\\\\])", "\\\\$1").replace("'", "'\\''");
    }

    private String fish() {
        StringBuilder text = new StringBuilder("set -g __ringtap_valued");
        all(ringtap).stream()
                .flatMap(command -> options(command).stream())
                .filter(Completions::takesValue)
                .flatMap(option -> Stream.of(option.names()))
                .distinct()
                .forEach(name -> text.append(' ').append(name));
        text.append('\n');
        for (CommandSpec command : all(ringtap)) {
            CommandPage.commandsOf(command)
                    .forEach(sub -> fish(text, command, "0", " -a " + sub.name(), CommandPage.brief(sub)));
            for (OptionSpec option : options(command)) {
                String names = Stream.of(option.names())
                        .map(name -> name.startsWith("--") ? " -l " + name.substring(2) : " -s " + name.substring(1))
                        .collect(Collectors.joining());
                boolean file = Candidates.of(option).kind().equals(Candidates.FILE);
                String value = takesValue(option) ? (file ? " -r" : " -x") + fishAction(option) : "";
                fish(text, command, "-", names + value, brief(option));
            }
            List<? extends ArgSpec> parameters = command.positionalParameters();
            for (int i = 0; i < parameters.size(); i++) {
                fish(
                        text,
                        command,
                        Integer.toString(i),
                        fishAction(parameters.get(i)),
                        parameters.get(i).paramLabel());
            }
        }
        return text.toString();
    }

    private static void fish(StringBuilder text, CommandSpec command, String at, String what, String described) {
        text.append("complete -c ringtap -n '__ringtap_at %s%s'%s -d '%s'\n"
                .formatted(at, path(command), what, described.replaceAll("(['\\\\])", "\\\\$1")));
    }

    private static String fishAction(ArgSpec argument) {
        Candidates candidates = Candidates.of(argument);
        return switch (candidates.kind()) {
            case Candidates.FILE -> " -F";
            case Candidates.FOLDER -> " -a '(__fish_complete_directories)'";
            case Candidates.INTERFACES -> " -a '(__ringtap_interfaces)'";
            case Candidates.WORDS -> " -a '(__ringtap_units " + candidates.wordsAndUnits() + ")'";
            default -> candidates.isNone() ? "" : " -a '(__ringtap_names " + candidates.kind() + ")'";
        };
    }

    /** The first clause of what an option's help says. */
    private static String brief(OptionSpec option) {
        String[] described = option.description();
        return described.length == 0
                ? option.paramLabel()
                : described[0]
                        .replaceFirst("(?s)([.:;]|, such as| \\(default:)\\s.*", "")
                        .replaceFirst("\\.$", "");
    }
}
