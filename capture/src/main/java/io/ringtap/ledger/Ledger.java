package io.ringtap.ledger;

import java.util.List;
import java.util.stream.Collectors;

/**
 * All counts of a moment, and what follows from them. The balance it holds:
 *
 * <pre>
 * received  = kernel_dropped + unread + published + in the kernel ring   for every capture
 * published + resumed = delivered + failed + shed + sampled_out + sieved + duplicate + kept + in flight   for every worker of it
 * </pre>
 *
 * <p>While frames flow, what is neither lost nor handled is in flight. Once everything has stopped and drained, nothing
 * can be, and what does not balance is unaccounted: a defect of ringtap.
 *
 * @param captures one for each capture
 * @param workers one for each worker on each capture
 * @param injects one for each stream
 * @param handlers the tables that handlers publish
 * @param drained whether all captures have stopped and every ring is empty
 */
public record Ledger(
        List<CaptureCounts> captures,
        List<WorkerCounts> workers,
        List<InjectCounts> injects,
        List<HandlerCounts> handlers,
        boolean drained) {
    /** Keeps the lists as they are now. */
    public Ledger {
        captures = List.copyOf(captures);
        workers = List.copyOf(workers);
        injects = List.copyOf(injects);
        handlers = List.copyOf(handlers);
    }

    /** Frames accepted by the kernel on all captures, those it dropped included. */
    public long received() {
        return captures.stream().mapToLong(CaptureCounts::received).sum();
    }

    /**
     * Frames lost on all captures: before the kernel (what is certain of what kernel and driver report), in the kernel ring, with an
     * interface that went, and shed by detached workers. A frame whose handler threw is not lost: it counts as failed.
     */
    public long lost() {
        long inKernelRings =
                captures.stream().mapToLong(CaptureCounts::kernelDropped).sum();
        long shed = workers.stream().mapToLong(WorkerCounts::shed).sum();
        long unread = captures.stream().mapToLong(CaptureCounts::unread).sum();
        return inKernelRings + unread + beforeTap() + shed;
    }

    /** Two captures of one interface tell of the same frames. */
    private long beforeTap() {
        return captures.stream()
                .collect(Collectors.toMap(CaptureCounts::interfaceName, CaptureCounts::lostBeforeTap, Math::max))
                .values()
                .stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    /** Frames whose handler threw. */
    public long failed() {
        return workers.stream().mapToLong(WorkerCounts::failed).sum();
    }

    /** Frames in the kernel rings, and for each capture those that its slowest worker has still to handle. */
    public long inFlight() {
        return drained ? 0 : captures.stream().mapToLong(this::inFlight).sum();
    }

    private long inFlight(CaptureCounts capture) {
        long inRing = workers.stream()
                .filter(w -> w.capture().equals(capture.name()))
                .mapToLong(WorkerCounts::inFlight)
                .max()
                .orElse(0);
        return Math.max(0, capture.inKernelRing()) + Math.max(0, inRing);
    }

    /** Frames that the balance cannot place: missing once drained, or more than came in at any time. 0, or a defect. */
    public long unaccounted() {
        long atCaptures =
                captures.stream().mapToLong(c -> misplaced(c.inKernelRing())).sum();
        return atCaptures
                + workers.stream().mapToLong(w -> misplaced(w.inFlight())).sum();
    }

    private long misplaced(long stillThere) {
        return drained || stillThere < 0 ? Math.abs(stillThere) : 0;
    }

    /** One line: {@code lost 0}, or how many, where, why, and what to change. */
    public String verdict() {
        return Verdict.of(this);
    }

    /** What was certainly lost, by stage and cause: the frames of {@link #lost()}, those of an interface once for each capture on it. */
    public List<Loss> losses() {
        return Verdict.losses(this);
    }

    /** What captures and workers have counted since an earlier look at the same daemon; what is so at a moment stays as it is. */
    public Ledger since(Ledger earlier) {
        return new Ledger(
                captures.stream()
                        .map(now -> earlier.captures.stream()
                                .filter(then -> then.name().equals(now.name()))
                                .findFirst()
                                .map(now::minus)
                                .orElse(now))
                        .toList(),
                workers.stream()
                        .map(now -> earlier.workers.stream()
                                .filter(then -> then.name().equals(now.name())
                                        && then.capture().equals(now.capture()))
                                .findFirst()
                                .map(now::minus)
                                .orElse(now))
                        .toList(),
                injects,
                handlers,
                drained);
    }
}
