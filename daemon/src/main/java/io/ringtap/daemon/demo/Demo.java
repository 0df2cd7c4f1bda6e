package io.ringtap.daemon.demo;

import io.ringtap.capture.CaptureConfig;
import io.ringtap.capture.CaptureOrigin;
import io.ringtap.capture.OpenException;
import io.ringtap.capture.WorkerConfig;
import io.ringtap.capture.WorkerConfig.Delivery;
import io.ringtap.capture.WorkerConfig.Share;
import io.ringtap.daemon.Daemon;
import io.ringtap.daemon.DaemonConfig;
import io.ringtap.daemon.control.ControlException;
import io.ringtap.frame.Frame;
import io.ringtap.frame.HandlerFactory;
import io.ringtap.handler.CountHandler;
import io.ringtap.inject.config.InjectConfig;
import io.ringtap.inject.config.Schedule;
import io.ringtap.inject.template.FrameTemplate;
import io.ringtap.ledger.CaptureCounts;
import io.ringtap.ledger.Ledger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.pcap4j.util.MacAddress;

/**
 * The main job on a veth pair: a source sends numbered frames into the far end; the daemon captures them on the near end,
 * has worker threads check each, and injects a frame every 100,000, which are captured back on the far end.
 */
public final class Demo {
    /** The captured interface, as the command line's options see it. */
    public static final String INTERFACE = DemoNetwork.NEAR;

    private static final String FAR_CAPTURE = "far";
    private static final long INJECT_EVERY = 100_000;
    private static final Duration SETTLE = Duration.ofSeconds(10);

    private static final FrameTemplate BEACON = FrameTemplate.of(
            MacAddress.getByName("aa:bb:cc:dd:ee:ff"),
            Optional.of(MacAddress.getByName("00:11:22:33:44:55")),
            0x88b5,
            "01 02 03 04 05 06 07 08 09 0a");

    private final DemoPlan plan;
    private final Consumer<String> out;
    private final SequenceCheck.Group checks;
    private final AtomicLong beacons = new AtomicLong();
    private volatile boolean stopped;

    /** A demonstration that prints its lines to {@code out}. */
    public Demo(DemoPlan plan, Consumer<String> out) {
        this.plan = plan;
        this.out = out;
        checks = new SequenceCheck.Group(plan.workerSleep());
    }

    /** Returns what to put before a command for it to have a network of its own. @throws OpenException if nothing does it here */
    public static List<String> isolation() throws OpenException, IOException, InterruptedException {
        return DemoNetwork.unshare();
    }

    /** Ends it early, with the verdict so far; any thread. */
    public void stop() {
        stopped = true;
    }

    /**
     * Runs it in this process, whose network namespace must be its own.
     *
     * @param near how to capture, as on an interface called {@link #INTERFACE}
     * @return whether nothing was lost, reordered within a flow, damaged or unaccounted, in either direction
     */
    public boolean run(CaptureConfig near) throws IOException, OpenException, ControlException, InterruptedException {
        DemoNetwork.create();
        Path folder = Files.createTempDirectory("ringtap-demo");
        Path socket = folder.resolve("ringtap.sock");
        try (Daemon daemon = Daemon.start(config(near, socket))) {
            DemoSender sender = new DemoSender(DemoNetwork.FAR, plan.framesPerSecond(), plan.frames());
            out.accept("ringtap ready: sending " + plan.text() + " over a veth pair; look with: ringtap stats --socket "
                    + socket);
            send(daemon, sender, near);
            Ledger ledger = daemon.stop(stopped ? DaemonConfig.DEFAULT_STOP_TIMEOUT : plan.stopTimeout());
            DemoVerdict verdict = new DemoVerdict(
                    plan,
                    sender.sent(),
                    sender.rate(),
                    checks.findings(),
                    beacons.get(),
                    INJECT_EVERY,
                    ledger,
                    near.name());
            verdict.lines().forEach(out);
            return verdict.passed();
        } finally {
            deleteFolder(folder);
        }
    }

    private static void deleteFolder(Path folder) throws IOException {
        try (Stream<Path> left = Files.list(folder)) { // the socket's lock file stays when the socket goes
            for (Path file : left.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    private DaemonConfig config(CaptureConfig near, Path socket) {
        CaptureConfig far = CaptureConfig.builder(FAR_CAPTURE, new CaptureOrigin.Live(DemoNetwork.FAR))
                .mode(near.mode())
                .engine(near.engine())
                .bufferBytes(CaptureConfig.MIN_BUFFER_BYTES * 32)
                .expectedRate(Math.max(1, plan.framesPerSecond() / INJECT_EVERY)) // what is injected comes, and no more
                .build();
        WorkerConfig check = new WorkerConfig(
                "check",
                List.of(near.name()),
                plan.threads(),
                Share.FLOW,
                Delivery.GATE,
                List.of(
                        new HandlerFactory("count", CountHandler::new),
                        new HandlerFactory("sequence-check", checks::create)));
        byte[] beacon =
                BEACON.compile(MacAddress.getByName("00:11:22:33:44:55")).bytes(0);
        WorkerConfig beaconCheck = new WorkerConfig(
                "beacons",
                List.of(FAR_CAPTURE),
                1,
                Share.FLOW,
                Delivery.GATE,
                List.of(new HandlerFactory("beacon-check", () -> frame -> countBeacon(frame, beacon))));
        InjectConfig inject = InjectConfig.builder(
                        "beacon", DemoNetwork.NEAR, new Schedule.EveryFrames(INJECT_EVERY, near.name()), BEACON)
                .build();
        List<WorkerConfig> workers = new ArrayList<>(List.of(check, beaconCheck));
        if (plan.detached()) {
            workers.addAll(DetachedWorkers.of(near.name(), plan.framesPerSecond()));
        }
        return new DaemonConfig(List.of(near, far), workers, List.of(inject), socket, Optional.empty());
    }

    private void countBeacon(Frame frame, byte[] beacon) {
        if (Arrays.equals(frame.toByteArray(), beacon)) {
            beacons.incrementAndGet();
        }
    }

    private void send(Daemon daemon, DemoSender sender, CaptureConfig near) throws InterruptedException {
        Thread thread = Thread.ofPlatform().name("demo-sender").daemon().start(sender);
        for (int second = 1; !thread.join(Duration.ofSeconds(1)); second++) {
            if (stopped) {
                sender.stop();
            }
            out.accept(DemoVerdict.progress(second, sender.sent(), daemon.ledger(), near.name()));
        }
        long deadline = System.nanoTime() + SETTLE.toNanos();
        while (!hasArrived(daemon, sender.sent()) && System.nanoTime() < deadline) {
            Thread.sleep(Duration.ofMillis(5));
        }
    }

    /** Returns whether all is there: what was sent in the ring, and what that set off at the far end, which ends at the same time. */
    private boolean hasArrived(Daemon daemon, long sent) {
        CaptureCounts counts = daemon.ledger().captures().getFirst();
        boolean isHandedOn = counts.inKernelRing() == 0 && beacons.get() >= counts.published() / INJECT_EVERY;
        return counts.received() >= sent
                && (isHandedOn || stopped); // who stops it does not wait for what is still to do
    }
}
