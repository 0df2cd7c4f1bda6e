package io.ringtap.capture;

import io.ringtap.capture.InvalidConfigException.Problem;
import io.ringtap.frame.HandlerFactory;
import java.util.ArrayList;
import java.util.List;

/**
 * A worker: a list of handlers, run by a number of threads on each of its captures' rings. Immutable and valid.
 *
 * @param name what the worker is called in configuration, statistics and thread names
 * @param captures the captures it works on, by name; empty for all
 * @param threads threads on each ring; each frame goes to one of them
 * @param share what picks the thread
 * @param delivery what happens when it does not keep up
 * @param handlers called in this order for every frame
 * @param cpus where its threads run: as many as it has threads on all rings of a capture, one each; else each thread on
 *     any; empty for anywhere
 */
public record WorkerConfig(
        String name,
        List<String> captures,
        int threads,
        Share share,
        Delivery delivery,
        List<HandlerFactory> handlers,
        List<Integer> cpus) {
    /** What picks the thread for a frame. */
    public enum Share {
        /** A symmetric flow hash: both directions of a conversation stay in order on one thread. */
        FLOW,
        /** Frames in turn. */
        ROUND_ROBIN
    }

    /** What happens when a worker does not keep up. */
    public enum Delivery {
        /** The capture waits, and the kernel ring holds the burst. */
        GATE
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
        if (threads < 1 || threads > 64) {
            problems.add(new Problem("threads", "must be from 1 to 64, not " + threads));
        }
        if (handlers.isEmpty()) {
            problems.add(new Problem("handler", "needs at least one [[worker.handler]]"));
        }
        CpuList.problem(cpus).ifPresent(problems::add);
        if (!problems.isEmpty()) {
            throw new InvalidConfigException(problems);
        }
    }

    /** A worker on any CPU. @throws InvalidConfigException as the other */
    public WorkerConfig(
            String name,
            List<String> captures,
            int threads,
            Share share,
            Delivery delivery,
            List<HandlerFactory> handlers) {
        this(name, captures, threads, share, delivery, handlers, List.of());
    }

    /** Whether this worker handles the frames of a capture. */
    public boolean worksOn(String captureName) {
        return captures.isEmpty() || captures.contains(captureName);
    }
}
