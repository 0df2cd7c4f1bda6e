package io.ringtap.daemon.cli;

import io.ringtap.daemon.DaemonConfig;
import io.ringtap.daemon.config.ConfigException;
import io.ringtap.daemon.config.ConfigSource;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code ringtap check-config}. */
@Command(
        name = "check-config",
        description = {
            "Reads a configuration file and reports everything that is wrong with it, each as file:line:column.",
            "Opens no interface. Exit code 2 if there is a problem."
        })
final class CheckConfigCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "The configuration file.")
    private Path file;

    @Override
    public Integer call() throws ConfigException {
        DaemonConfig config = ConfigOptions.read(ConfigSource.file(file));
        System.out.println(file + ": ok: " + config.captures().size() + " captures, "
                + config.workers().size() + " workers, " + config.injects().size() + " inject streams");
        return ExitCode.DONE;
    }
}
