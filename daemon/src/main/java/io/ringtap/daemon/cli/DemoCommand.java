package io.ringtap.daemon.cli;

import io.ringtap.capture.CaptureConfig;
import io.ringtap.capture.OpenException;
import io.ringtap.capture.WorkerConfig;
import io.ringtap.daemon.Main;
import io.ringtap.daemon.cli.option.ConfigOptions;
import io.ringtap.daemon.config.ConfigSource;
import io.ringtap.daemon.config.value.FrameRate;
import io.ringtap.daemon.config.value.TimeSpan;
import io.ringtap.daemon.demo.Demo;
import io.ringtap.daemon.demo.DemoPlan;
import io.ringtap.daemon.signal.Signals;
import io.ringtap.handler.BuiltInHandlers;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code ringtap demo}. Starts itself again in a network namespace of its own, which a running JVM cannot enter with all
 * its threads.
 */
@Command(
        name = "demo",
        description = {
            "Runs the main job on a veth pair in a network namespace of its own: a source of numbered frames, the whole"
                    + " pipeline with worker threads that check each frame, injected frames captured back, and a verdict"
                    + " computed from what arrived.",
            "Exit code 0 only if nothing was lost, reordered within a flow, damaged or unaccounted. Needs root, or user"
                    + " namespaces."
        })
final class DemoCommand implements Callable<Integer> {
    private static final String INSIDE = "--inside-namespace";

    private final StopSignal stop;

    @Option(
            names = "--rate",
            paramLabel = "RATE",
            defaultValue = "350kpps",
            description = "Frames a second, such as 350kpps (the default).")
    private String rate;

    @Option(names = "--seconds", paramLabel = "N", defaultValue = "10", description = "How long to send (default: 10).")
    private String seconds;

    @Option(
            names = "--set",
            paramLabel = "capture.KEY=VALUE",
            description = "Set a key of the capture, such as capture.buffer=\"64 KiB\". Repeatable.")
    private List<String> overrides = List.of();

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "2",
            description = "Worker threads that check the frames, 1 to 64 (default: 2).")
    private int threads;

    @Option(
            names = "--detached",
            description =
                    "Beside them, run three detached workers that do not keep up: one blocks for ever, one throws on"
                            + " every frame, one is 100 times too slow.")
    private boolean detached;

    @Option(
            names = "--worker-sleep",
            paramLabel = "TIME",
            defaultValue = "0s",
            description = "Break the receiver on purpose: each worker thread sleeps so long on each frame.")
    private String workerSleep;

    @Option(names = INSIDE, hidden = true)
    private boolean inside;

    @Spec
    private CommandSpec spec;

    DemoCommand(StopSignal stop) {
        this.stop = stop;
    }

    @Override
    public Integer call() throws Exception {
        Signals.adopt();
        DemoPlan plan = plan();
        CaptureConfig capture = ConfigOptions.read(
                        new ConfigSource(Optional.empty(), Optional.of(Demo.INTERFACE), overrides),
                        BuiltInHandlers.BY_TYPE)
                .captures()
                .getFirst();
        return inside ? runInside(plan, capture) : startInside();
    }

    private DemoPlan plan() {
        for (String override : overrides) {
            if (!override.strip().startsWith("capture.")) {
                throw refusal(
                        "--set " + override, "a demonstration has keys of capture to set, such as capture.buffer");
            }
        }
        if (threads < 1 || threads > WorkerConfig.MOST_THREADS) {
            throw refusal("--threads", threads + ": choose 1 to " + WorkerConfig.MOST_THREADS);
        }
        Duration time = parsed("--seconds", seconds, TimeSpan::parseSeconds);
        if (time.isZero()) {
            throw refusal("--seconds", "must be more than 0: there would be nothing to judge by");
        }
        return new DemoPlan(
                parsed("--rate", rate, FrameRate::parse),
                time,
                threads,
                detached,
                parsed("--worker-sleep", workerSleep, TimeSpan::parse));
    }

    private <T> T parsed(String option, String text, Function<String, T> parser) {
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException e) {
            throw refusal(option, e.getMessage());
        }
    }

    private ParameterException refusal(String option, String why) {
        return new ParameterException(spec.commandLine(), option + ": " + why);
    }

    private int runInside(DemoPlan plan, CaptureConfig capture) throws Exception {
        Demo demo = new Demo(plan, System.out::println);
        stop.onStop(demo::stop);
        Thread.ofPlatform().name("parent-watch").daemon().start(() -> stopWithParent(demo));
        return demo.run(capture) ? ExitCode.DONE : ExitCode.FAILED;
    }

    /** The standard input is a pipe from the process that started this one: it ends when that does, even by kill -9. */
    private static void stopWithParent(Demo demo) {
        try {
            System.in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            // as good as its end
        }
        demo.stop();
    }

    private int startInside() throws OpenException, IOException, InterruptedException {
        Process child = new ProcessBuilder(insideCommand())
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        stop.onStop(child::destroy);
        return child.waitFor();
    }

    private List<String> insideCommand() throws OpenException, IOException, InterruptedException {
        List<String> command = new ArrayList<>(Demo.isolation());
        command.add(ProcessHandle.current().info().command().orElse("java"));
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(spec.commandLine().getParseResult().originalArgs());
        command.add(INSIDE);
        return command;
    }
}
