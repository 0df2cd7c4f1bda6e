package io.ringtap.daemon.cli;

import io.ringtap.capture.CaptureConfig;
import io.ringtap.capture.CaptureOrigin;
import io.ringtap.capture.RingReport;
import io.ringtap.capture.pcap.LivePcapSource;
import io.ringtap.capture.pcap.ThreadAffinity;
import io.ringtap.daemon.DaemonConfig;
import io.ringtap.daemon.cli.option.Argument;
import io.ringtap.daemon.cli.option.ConfigOptions;
import io.ringtap.daemon.cli.option.PluginOptions;
import io.ringtap.daemon.config.ConfigSource;
import io.ringtap.daemon.config.toml.ConfigException;
import io.ringtap.daemon.plugin.PluginException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code ringtap check-config}. */
final class CheckConfigCommand implements Callable<Integer> {
    private final CommandSpec spec = RingtapCommand.spec(
            "check-config",
            this,
            "Reads a configuration file and reports everything that is wrong with it, each as file:line:column.",
            "Says how long each capture's kernel ring lasts at the rate that its key \"expect\" gives, and warns of"
                    + " settings that invite loss. Opens no interface. Exit code 2 if there is a problem.");
    private final Argument<Path> parameter =
            Argument.parameter(0, Path.class, "FILE", "The configuration file.").of(spec);
    private final PluginOptions plugins = new PluginOptions(spec);

    CommandSpec spec() {
        return spec;
    }

    @Override
    public Integer call() throws ConfigException, PluginException {
        Path file = parameter.value();
        DaemonConfig config = ConfigOptions.read(ConfigSource.file(file), plugins.handlerTypes());
        System.out.println(file + ": ok: " + count(config.captures(), "capture") + ", "
                + count(config.workers(), "worker") + ", " + count(config.injects(), "inject stream"));
        for (CaptureConfig capture : config.captures()) {
            if (capture.origin() instanceof CaptureOrigin.Live) {
                reportRing(LivePcapSource.expectedRing(capture));
            }
            reportCpus("capture " + capture.name(), capture.cpus());
        }
        config.workers().forEach(worker -> reportCpus("worker " + worker.name(), worker.cpus()));
        return ExitCode.DONE;
    }

    private static String count(List<?> all, String what) {
        return all.size() + " " + what + (all.size() == 1 ? "" : "s");
    }

    private static void reportRing(RingReport ring) {
        System.out.println(ring.summary());
        ring.warnings().forEach(CheckConfigCommand::warn);
    }

    /** No problem of the file: it may be meant for another machine, or for a service that is less confined. */
    private static void reportCpus(String role, List<Integer> cpus) {
        ThreadAffinity.problem(cpus).ifPresent(problem -> warn(role + ": cpu = " + cpus + ": " + problem));
    }

    private static void warn(String text) {
        System.out.println("warning: " + text);
    }
}
