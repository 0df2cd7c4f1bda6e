package io.ringtap.daemon.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.ringtap.capture.CaptureConfig;
import io.ringtap.capture.CaptureOrigin;
import io.ringtap.capture.RingReport;
import io.ringtap.capture.pcap.LivePcapSource;
import io.ringtap.capture.pcap.ThreadAffinity;
import io.ringtap.capture.pcap.ThreadScheduling;
import io.ringtap.daemon.DaemonConfig;
import io.ringtap.daemon.cli.option.Argument;
import io.ringtap.daemon.cli.option.ConfigOptions;
import io.ringtap.daemon.cli.option.PluginOptions;
import io.ringtap.daemon.config.ConfigSource;
import io.ringtap.daemon.config.toml.ConfigException;
import io.ringtap.daemon.config.toml.Place;
import io.ringtap.daemon.config.toml.Problem;
import io.ringtap.daemon.plugin.PluginException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
    private final Argument<Boolean> json = Argument.flag(
                    "--json", "One JSON object in a line, in place of text: ok, and the problems, or the remarks.")
            .of(spec);
    private final PluginOptions plugins = new PluginOptions(spec);

    CommandSpec spec() {
        return spec;
    }

    /**
     * What is to be said of a configuration that can be used.
     *
     * @param warning whether something may be lost, or not work
     */
    private record Remark(boolean warning, String text) {}

    @Override
    public Integer call() throws ConfigException, PluginException {
        String file = parameter.value().toString();
        try {
            DaemonConfig config = read();
            System.out.println(json.value() ? json(file, config) : text(file, config));
            return ExitCode.DONE;
        } catch (ConfigException e) {
            if (!json.value()) {
                throw e;
            }
            System.out.println(json(file, e.all()));
        } catch (PluginException e) {
            if (!json.value()) {
                throw e;
            }
            Place place = new Place.WholeFile(file);
            System.out.println(json(
                    file,
                    e.problems().stream()
                            .map(problem -> new Problem(place, "", problem))
                            .toList()));
        }
        return ExitCode.BAD_USAGE;
    }

    /** The files of replays are read through, which may take its time. */
    private DaemonConfig read() throws ConfigException, PluginException {
        try (ProgressLine _ = ProgressLine.begin(FileReading.ofAny()::line)) {
            return ConfigOptions.read(ConfigSource.file(parameter.value()), plugins.handlerTypes());
        }
    }

    private static String text(String file, DaemonConfig config) {
        String first = file + ": ok: " + count(config.captures(), "capture") + ", " + count(config.workers(), "worker")
                + ", " + count(config.injects(), "inject stream");
        Stream<String> remarks =
                remarks(config).stream().map(remark -> (remark.warning() ? "warning: " : "") + remark.text());
        return Stream.concat(Stream.of(first), remarks).collect(Collectors.joining("\n"));
    }

    private static JsonObject json(String file, DaemonConfig config) {
        JsonObject result = result(file, true);
        result.addProperty("captures", config.captures().size());
        result.addProperty("workers", config.workers().size());
        result.addProperty("injects", config.injects().size());
        JsonArray remarks = new JsonArray();
        for (Remark remark : remarks(config)) {
            JsonObject one = new JsonObject();
            one.addProperty("warning", remark.warning());
            one.addProperty("text", remark.text());
            remarks.add(one);
        }
        result.add("remarks", remarks);
        return result;
    }

    private static JsonObject json(String file, List<Problem> problems) {
        JsonObject result = result(file, false);
        JsonArray all = new JsonArray();
        for (Problem problem : problems) {
            JsonObject one = new JsonObject();
            if (problem.place() instanceof Place.InFile place) {
                one.addProperty("line", place.line());
                one.addProperty("column", place.column());
            }
            if (!problem.key().isEmpty()) {
                one.addProperty("key", problem.key());
            }
            one.addProperty("message", problem.message());
            all.add(one);
        }
        result.add("problems", all);
        return result;
    }

    private static JsonObject result(String file, boolean ok) {
        JsonObject result = new JsonObject();
        result.addProperty("file", file);
        result.addProperty("ok", ok);
        return result;
    }

    private static String count(List<?> all, String what) {
        return all.size() + " " + what + (all.size() == 1 ? "" : "s");
    }

    private static List<Remark> remarks(DaemonConfig config) {
        List<Remark> remarks = new ArrayList<>();
        for (CaptureConfig capture : config.captures()) {
            if (capture.origin() instanceof CaptureOrigin.Live) {
                RingReport ring = LivePcapSource.expectedRing(capture);
                remarks.add(new Remark(false, ring.summary()));
                ring.warnings().forEach(warning -> remarks.add(new Remark(true, warning)));
            }
            fanout(capture).ifPresent(remarks::add);
            spills(config, capture).forEach(remarks::add);
            cpus("capture " + capture.name(), capture.cpus()).ifPresent(remarks::add);
            priority(capture).ifPresent(remarks::add);
        }
        config.workers()
                .forEach(
                        worker -> cpus("worker " + worker.name(), worker.cpus()).ifPresent(remarks::add));
        return remarks;
    }

    /** How long the spill of each worker on a capture lasts while nothing is handled. */
    private static Stream<Remark> spills(DaemonConfig config, CaptureConfig capture) {
        if (!(capture.origin() instanceof CaptureOrigin.Live)) {
            return Stream.empty();
        }
        return config.workers().stream()
                .filter(worker -> worker.worksOn(capture.name()))
                .flatMap(worker -> worker.spill().stream()
                        .map(spill -> new Remark(
                                false,
                                spill.lasts(
                                        worker.name(),
                                        capture.name(),
                                        capture.expectedRate() * worker.sample(),
                                        capture.threads()))));
    }

    /** No problem of the file: it may be meant for another machine, or for a service that is less confined. */
    private static Optional<Remark> cpus(String role, List<Integer> cpus) {
        return ThreadAffinity.problem(cpus).map(problem -> new Remark(true, role + ": cpu = " + cpus + ": " + problem));
    }

    /** Whether there are tunnels only the traffic tells. */
    private static Optional<Remark> fanout(CaptureConfig capture) {
        return capture.threads() == 1 || capture.fanout().contains(CaptureConfig.Fanout.INNER)
                ? Optional.empty()
                : Optional.of(new Remark(
                        false,
                        "capture " + capture.name() + ": its " + capture.threads()
                                + " kernel rings share frames by their outer headers, so that those of one tunnel all come to"
                                + " one ring; fanout = [\"inner\"] shares them by what is inside"));
    }

    private static Optional<Remark> priority(CaptureConfig capture) {
        return capture.priority() == CaptureConfig.Priority.REALTIME
                ? ThreadScheduling.realtimeProblem()
                        .map(problem -> new Remark(true, "capture " + capture.name() + ": " + problem))
                : Optional.empty();
    }
}
