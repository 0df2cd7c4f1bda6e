package io.ringtap.capture;

import io.ringtap.capture.InvalidConfigException.Problem;
import io.ringtap.frame.HandlerFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A worker: a list of handlers, run by a number of threads on each of its captures' rings. Immutable and valid.
 *
 * @param name what the worker is called in configuration, statistics and thread names
 * @param captures the captures it works on, by name; empty for all
 * @param threads threads on each ring; each frame goes to one of them
 * @param share what picks the thread
 * @param delivery what happens when it does not keep up
 * @param handlers called in this order for every frame
 * @param sample the share of all flows whose frames it gets, above 0, and 1 for all; a flow is always in or always out
 * @param queueBytes bytes of frames that a detached worker's queue on each ring holds, rounded down to a power of two
 * @param tunnels which conversation of a frame that is carried in another {@code share} and {@code sample} go by
 * @param cpus where its threads run: as many as it has threads on all rings of a capture, one each; else each thread on
 *     any; empty for anywhere
 * @param deduplicate a frame that came before within this time is left out; 0: none is
 * @param spill where a detached worker keeps what its queue does not hold; absent for nowhere: it is shed
 */
public record WorkerConfig(
        String name,
        List<String> captures,
        int threads,
        Share share,
        Delivery delivery,
        List<HandlerFactory> handlers,
        double sample,
        long queueBytes,
        Tunnels tunnels,
        List<Integer> cpus,
        Duration deduplicate,
        Optional<SpillConfig> spill) {
    /** Holds 65,536 frames of 200 bytes: a pause of 0.19 s at 350,000 frames a second. */
    public static final long DEFAULT_QUEUE_BYTES = 16L << 20;

    /** Room for several of the largest frames. */
    public static final long MIN_QUEUE_BYTES = 1L << 20;

    /** A queue this long has never been of use. */
    public static final long MAX_QUEUE_BYTES = 1L << 30;

    /** More are a mistake. */
    public static final int MOST_THREADS = 64;

    /** Copies of mirror ports are microseconds apart; what was sent again is farther. */
    public static final Duration MOST_DEDUPLICATE = Duration.ofSeconds(1);

    /** The rule that picks the thread for a frame. */
    public enum Share {
        /** A symmetric flow hash: both directions of a conversation stay in order on one thread. */
        FLOW,
        /** Frames in turn. */
        ROUND_ROBIN
    }

    /** The conversation that a frame is of, where frames are carried in others (VXLAN, GRE, ERSPAN and so on). */
    public enum Tunnels {
        /** The innermost that can be seen. */
        INNER,
        /** That of the tunnel's ends. */
        OUTER
    }

    /** The way in which a worker gets frames, which decides what happens when it does not keep up. */
    public enum Delivery {
        /** The capture waits, and the kernel ring holds the burst. */
        GATE,
        /** It has a queue of its own; a frame that comes and does not fit is shed, and the capture does not wait for it. */
        DETACH,
        /** Its handlers are called by the capture thread, for each frame where it lies, before a copy goes to other workers. */
        IN_PLACE
    }

    /** Checks everything. @throws InvalidConfigException with every problem there is */
    public WorkerConfig {
        captures = List.copyOf(captures);
        handlers = List.copyOf(handlers);
        cpus = List.copyOf(cpus);
        List<Problem> problems = new ArrayList<>();
        if (name.isBlank() || name.chars().anyMatch(Character::isWhitespace)) {
            problems.add(new Problem("name", "must not be empty or hold white space"));
        }
        if (threads < 1 || threads > MOST_THREADS) {
            problems.add(new Problem("threads", "must be from 1 to 64, not " + threads));
        }
        if (handlers.isEmpty()) {
            problems.add(new Problem("handler", "needs at least one [[worker.handler]]"));
        }
        if (!(sample > 0 && sample <= 1)) {
            problems.add(new Problem("sample", "must be above 0, and 1 at most, not " + sample));
        }
        if (queueBytes < MIN_QUEUE_BYTES || queueBytes > MAX_QUEUE_BYTES) {
            problems.add(new Problem("queue", "must be from 1 MiB to 1 GiB, not " + queueBytes + " bytes"));
        }
        CpuList.problem(cpus).ifPresent(problems::add);
        spill.ifPresent(disk -> check(disk, delivery, queueBytes, problems));
        if (delivery == Delivery.IN_PLACE && threads != 1) {
            problems.add(new Problem(
                    "threads", "must be 1 with delivery = \"in-place\": the capture's threads are the worker's"));
        }
        if (delivery == Delivery.IN_PLACE && !cpus.isEmpty()) {
            problems.add(new Problem(
                    "cpu", "does not go with delivery = \"in-place\": give the capture its processors (capture.cpu)"));
        }
        if (deduplicate.isNegative() || deduplicate.compareTo(MOST_DEDUPLICATE) > 0) {
            problems.add(new Problem("deduplicate", "must be from 0 to 1 s, not " + deduplicate.toMillis() + " ms"));
        }
        if (!deduplicate.isZero() && threads > 1 && share == Share.ROUND_ROBIN) {
            problems.add(new Problem(
                    "deduplicate",
                    "goes with share = \"flow\", or one thread: in turn, copies come to different threads"));
        }
        if (!problems.isEmpty()) {
            throw new InvalidConfigException(problems);
        }
    }

    private static void check(SpillConfig spill, Delivery delivery, long queueBytes, List<Problem> problems) {
        if (delivery != Delivery.DETACH) {
            problems.add(new Problem(
                    "spill",
                    "goes with delivery = \"detach\": another worker has no queue that frames could not fit into"));
        }
        if (spill.limitBytes() < SpillConfig.MIN_BYTES || spill.limitBytes() > SpillConfig.MAX_BYTES) {
            problems.add(new Problem("spill", "must be from 16 MiB to 1024 GiB, not " + spill.limitBytes() + " bytes"));
        }
        if (queueBytes < SpillConfig.MIN_QUEUE_BYTES) {
            problems.add(new Problem(
                    "queue",
                    "must be at least 4 MiB with a spill, which half of it is for, not " + queueBytes + " bytes"));
        }
    }

    /** A worker that gets duplicates too, and does not spill. @throws InvalidConfigException as the first */
    public WorkerConfig(
            String name,
            List<String> captures,
            int threads,
            Share share,
            Delivery delivery,
            List<HandlerFactory> handlers,
            double sample,
            long queueBytes,
            Tunnels tunnels,
            List<Integer> cpus) {
        this(
                name,
                captures,
                threads,
                share,
                delivery,
                handlers,
                sample,
                queueBytes,
                tunnels,
                cpus,
                Duration.ZERO,
                Optional.empty());
    }

    /** A worker on all flows, on certain CPUs. @throws InvalidConfigException as the first */
    public WorkerConfig(
            String name,
            List<String> captures,
            int threads,
            Share share,
            Delivery delivery,
            List<HandlerFactory> handlers,
            List<Integer> cpus) {
        this(name, captures, threads, share, delivery, handlers, 1, DEFAULT_QUEUE_BYTES, Tunnels.INNER, cpus);
    }

    /** A worker on all flows, on any CPU. @throws InvalidConfigException as the first */
    public WorkerConfig(
            String name,
            List<String> captures,
            int threads,
            Share share,
            Delivery delivery,
            List<HandlerFactory> handlers) {
        this(name, captures, threads, share, delivery, handlers, List.of());
    }

    /** The same on other captures. */
    public WorkerConfig on(List<String> otherCaptures) {
        return new WorkerConfig(
                name,
                otherCaptures,
                threads,
                share,
                delivery,
                handlers,
                sample,
                queueBytes,
                tunnels,
                cpus,
                deduplicate,
                spill);
    }

    /** Returns whether this worker handles the frames of a capture. */
    public boolean worksOn(String captureName) {
        return captures.isEmpty() || captures.contains(captureName);
    }
}
