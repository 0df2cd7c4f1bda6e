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
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** {@code ringtap} itself: the list of commands, and how their errors become a line and an exit code. */
@Command(
        name = "ringtap",
        description = "Captures layer-2 frames without uncounted loss, hands them to Java workers, and injects frames.",
        footer = {
            "",
            "Exit codes: 0 done, 1 failed while running, 2 bad usage or configuration, 3 not permitted, 4 no daemon there."
        },
        synopsisSubcommandLabel = "COMMAND")
public final class RingtapCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    private RingtapCommand() {}

    /** The whole command line. */
    public static CommandLine commandLine(StopSignal stop) {
        CommandLine line = new CommandLine(new RingtapCommand())
                .addSubcommand(new RunCommand(stop))
                .addSubcommand(new ReloadCommand())
                .addSubcommand(new StopCommand())
                .addSubcommand(new StatsCommand())
                .addSubcommand(new FlowsCommand())
                .addSubcommand(new StreamCommands())
                .addSubcommand(new DevicesCommand())
                .addSubcommand(new CheckConfigCommand())
                .addSubcommand(new DemoCommand(stop))
                .addSubcommand(new InjectCommand(stop))
                .addSubcommand(new VerifyCommand(stop));
        line.getCommandSpec().mixinStandardHelpOptions(true).versionProvider(new VersionProvider());
        line.getSubcommands()
                .values()
                .forEach(c -> c.getCommandSpec().mixinStandardHelpOptions(true).versionProvider(new VersionProvider()));
        Spelling.register(line);
        line.setParameterExceptionHandler((e, args) -> usageError(e));
        line.setExecutionStrategy(RingtapCommand::execute);
        line.setExecutionExceptionHandler((e, command, parsed) -> failure(e, command.getErr()));
        return line;
    }

    @Override
    public void run() {
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
