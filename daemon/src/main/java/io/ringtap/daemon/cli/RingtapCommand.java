package io.ringtap.daemon.cli;

import io.ringtap.capture.OpenException;
import io.ringtap.daemon.config.ConfigException;
import io.ringtap.daemon.control.ControlException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

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
                .addSubcommand(new StatsCommand())
                .addSubcommand(new DevicesCommand())
                .addSubcommand(new CheckConfigCommand())
                .addSubcommand(new DemoCommand(stop));
        line.getCommandSpec().mixinStandardHelpOptions(true).versionProvider(new VersionProvider());
        line.getSubcommands()
                .values()
                .forEach(c -> c.getCommandSpec().mixinStandardHelpOptions(true).versionProvider(new VersionProvider()));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setParameterExceptionHandler((e, args) -> usageError(e));
        line.setExecutionExceptionHandler((e, command, parsed) -> failure(e));
        return line;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }

    private static int usageError(ParameterException e) {
        String command = e.getCommandLine().getCommandSpec().qualifiedName();
        System.err.println("ringtap: " + e.getMessage() + "; see " + command + " --help");
        return ExitCode.BAD_USAGE;
    }

    private static int failure(Exception e) throws Exception {
        System.err.println(e.getMessage().startsWith("ringtap") ? e.getMessage() : "ringtap: " + e.getMessage());
        return switch (e) {
            case ConfigException _ -> ExitCode.BAD_USAGE;
            case OpenException open -> ExitCode.of(open);
            case ControlException control -> ExitCode.of(control);
            default -> throw e;
        };
    }
}
