package io.ringtap.daemon.cli;

import io.ringtap.capture.OpenException;
import io.ringtap.daemon.cli.format.StandardOutput;
import io.ringtap.daemon.config.toml.ConfigException;
import io.ringtap.daemon.config.value.Suggestion;
import io.ringtap.daemon.control.ControlException;
import io.ringtap.daemon.plugin.PluginException;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.UnmatchedArgumentException;

/** {@code ringtap} itself: the list of commands, and how their errors become a line and an exit code. */
public final class RingtapCommand implements Callable<Integer> {
    private static final List<String> COMMANDS = List.of(
            "run",
            "reload",
            "stop",
            "stats",
            "top",
            "flows",
            "find",
            "dump",
            "tap",
            "stream",
            "devices",
            "config",
            "check-config",
            "doctor",
            "demo",
            "inject",
            "verify",
            "handler",
            "names");
    private static final Map<String, String> EXIT_CODES = new TreeMap<>(Map.of(
            "0", "done",
            "1", "failed while running",
            "2", "bad usage or configuration; nothing was started, or changed",
            "3", "not permitted: the message says which capability is missing, and how to grant it",
            "4", "no daemon there"));
    private static final Set<String> VERSION = Set.of("-V", "--version");

    private final CommandSpec spec = spec(
            "ringtap",
            this,
            "Captures layer-2 frames without uncounted loss, hands them to Java workers, and injects frames.");

    private RingtapCommand() {
        spec.usageMessage()
                .exitCodeListHeading("%nExit codes:%n")
                .exitCodeList(EXIT_CODES)
                .synopsisSubcommandLabel("COMMAND");
    }

    /** The whole command line. */
    public static CommandLine commandLine(StopSignal stop) {
        return commandLine(stop, COMMANDS);
    }

    /** Runs what some arguments say, and returns its exit code. */
    public static int run(StopSignal stop, String... arguments) {
        return commandLine(stop, arguments).execute(arguments);
    }

    /** As much of the command line as some arguments need: a command that is not the one given is not even loaded. */
    public static CommandLine commandLine(StopSignal stop, String... arguments) {
        String first = arguments.length == 0 ? "" : arguments[0];
        if (COMMANDS.contains(first)) {
            return commandLine(stop, List.of(first));
        }
        return commandLine(stop, arguments.length == 1 && VERSION.contains(first) ? List.of() : COMMANDS);
    }

    private static CommandLine commandLine(StopSignal stop, List<String> commands) {
        CommandLine line = new CommandLine(new RingtapCommand().spec);
        commands.forEach(name -> line.addSubcommand(name, command(name, stop)));
        addHelp(line);
        line.setParameterExceptionHandler((e, _) -> usageError(e));
        line.setExecutionStrategy(RingtapCommand::execute);
        line.setExecutionExceptionHandler((e, command, _) -> failure(e, command.getErr()));
        return line;
    }

    private static CommandLine command(String name, StopSignal stop) {
        return switch (name) {
            case "run" -> new CommandLine(new RunCommand(stop).spec());
            case "reload" -> new CommandLine(new ReloadCommand().spec());
            case "stop" -> new CommandLine(new StopCommand().spec());
            case "stats" -> new CommandLine(new StatsCommand().spec());
            case "top" -> new CommandLine(new TopCommand().spec());
            case "flows" -> Spelling.ofFlows(new CommandLine(new FlowsCommand().spec()));
            case "find" -> new CommandLine(new FindCommand().spec());
            case "dump" -> new CommandLine(new DumpCommand().spec());
            case "tap" -> new CommandLine(new TapCommand(stop).spec());
            case "stream" -> new CommandLine(new StreamCommands().spec());
            case "devices" -> new CommandLine(new DevicesCommand().spec());
            case "config" -> new CommandLine(new ConfigCommands().spec());
            case "check-config" -> new CommandLine(new CheckConfigCommand().spec());
            case "doctor" -> new CommandLine(new DoctorCommand().spec());
            case "demo" -> new CommandLine(new DemoCommand(stop));
            case "inject" -> Spelling.ofInject(new CommandLine(new InjectCommand(stop)));
            case "verify" -> new CommandLine(new VerifyCommand(stop));
            case "names" -> new CommandLine(new NamesCommand().spec());
            case "handler" -> new CommandLine(new HandlerCommands().spec());
            default -> throw new IllegalArgumentException(name);
        };
    }

    /** A command that takes nothing yet. */
    static CommandSpec spec(String name, Callable<Integer> command, String... description) {
        CommandSpec spec = CommandSpec.wrapWithoutInspection(command).name(name);
        spec.usageMessage().description(description);
        return spec;
    }

    /** What picocli's mixinStandardHelpOptions adds, which would read annotations for it. */
    private static void addHelp(CommandLine line) {
        line.getCommandSpec()
                .addOption(OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .description("Show this help message and exit.")
                        .build())
                .addOption(OptionSpec.builder("-V", "--version")
                        .versionHelp(true)
                        .description("Print version information and exit.")
                        .build())
                .versionProvider(new VersionProvider());
        line.getSubcommands().values().forEach(RingtapCommand::addHelp);
    }

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }

    private static int usageError(ParameterException e) {
        CommandLine command = e.getCommandLine();
        String line = what(e) + "; see " + command.getCommandSpec().qualifiedName() + " --help";
        return report(line, command.getErr(), ExitCode.BAD_USAGE);
    }

    private static String what(ParameterException e) {
        Set<String> commands = e.getCommandLine().getSubcommands().keySet();
        if (e instanceof UnmatchedArgumentException unmatched && !unmatched.isUnknownOption()) {
            String first = unmatched.getUnmatched().getFirst();
            return commands.isEmpty()
                    ? "there is one argument too many: \"" + first + "\""
                    : "there is no command \"" + first + "\"" + Suggestion.hint(first, commands);
        }
        return e.getMessage()
                .replaceFirst("^Error: ", "")
                .replaceFirst(" is not an? (int|long)$", " is not a whole number")
                .replaceFirst(" is not a double$", " is not a number");
    }

    private static int execute(ParseResult parsed) {
        PrintWriter err = parsed.commandSpec().commandLine().getErr();
        try {
            int code = new RunLast().execute(parsed);
            Optional<String> lost = StandardOutput.failure();
            return lost.isEmpty() || code != ExitCode.DONE
                    ? code
                    : report("standard output did not take all: " + lost.get(), err, ExitCode.FAILED);
        } catch (UnsatisfiedLinkError e) { // JNA's message goes on with every place it has looked at
            String first = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            String cure = " libpcap is needed: apt install libpcap0.8, or dnf install libpcap";
            return report(first + cure, err, ExitCode.FAILED);
        } catch (OutOfMemoryError e) {
            String cure = "give the JVM more, such as RINGTAP_JAVA_OPTS=-Xmx1g";
            return report("out of memory (" + e.getMessage() + "): " + cure, err, ExitCode.FAILED);
        }
    }

    /** Returns what was foreseen is a line; anything else is a defect, whose report needs the stack trace. */
    private static int failure(Exception e, PrintWriter err) throws Exception {
        return switch (e) {
            case ConfigException config -> badConfiguration(config.problems(), err);
            case ControlException control
            when !control.problems().isEmpty() && ExitCode.of(control) == ExitCode.BAD_USAGE ->
                badConfiguration(control.problems(), err);
            case ControlException control -> report(control.getMessage(), err, ExitCode.of(control));
            case PluginException plugins -> {
                plugins.problems().forEach(line -> report(line, err, ExitCode.BAD_USAGE));
                yield ExitCode.BAD_USAGE;
            }
            case OpenException open -> report(open.getMessage(), err, ExitCode.of(open));
            case IOException io -> report(io.toString(), err, ExitCode.FAILED); // its message may be a bare path
            case InterruptedException _ -> report("told to stop before it had begun", err, ExitCode.FAILED);
            default -> throw e;
        };
    }

    /** The place comes first in each line, file:line:column, as compilers have it. */
    private static int badConfiguration(List<String> problems, PrintWriter err) {
        problems.forEach(err::println);
        return ExitCode.BAD_USAGE;
    }

    private static int report(String line, PrintWriter err, int code) {
        err.println("ringtap: " + line);
        return code;
    }
}
