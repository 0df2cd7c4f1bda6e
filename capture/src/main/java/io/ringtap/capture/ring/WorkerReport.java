package io.ringtap.capture.ring;

import io.ringtap.capture.WorkerConfig;
import io.ringtap.frame.HandlerFactory;
import io.ringtap.ledger.HandlerLoad;
import io.ringtap.ledger.SpillCounts;
import io.ringtap.ledger.WorkerCounts;
import io.ringtap.ledger.WorkerLoad;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.ToLongFunction;
import org.HdrHistogram.Histogram;

/** Puts together what a worker counts on all rings of a capture. Any thread. */
public final class WorkerReport {
    private final WorkerConfig config;
    private final List<Worker> workers;
    private final long nanoTime = System.nanoTime();

    private WorkerReport(List<Worker> workers) {
        this.workers = workers;
        config = workers.getFirst().config();
    }

    /**
     * The counts of one worker. Downstream first, so that never more frames are counted than were published.
     *
     * @param workers the worker on each ring of the capture, one at least
     * @param live whether frames are stamped as they come, so that their age can be told
     */
    public static WorkerCounts of(List<Worker> workers, String captureName, boolean live) {
        WorkerReport report = new WorkerReport(workers);
        WorkerLoad load = report.load(live);
        long delivered = report.sum(Worker::delivered);
        long failed = report.sum(Worker::failed);
        Optional<SpillCounts> spill = workers.stream()
                .flatMap(worker -> worker.spillCounts().stream())
                .reduce(SpillCounts::plus);
        long shed = report.sum(Worker::shed);
        long sampledOut = report.sum(Worker::sampledOut);
        long sieved = report.sum(Worker::sieved);
        long duplicate = report.sum(Worker::duplicate);
        return new WorkerCounts(
                report.config.name(),
                captureName,
                delivery(report.config),
                report.sum(Worker::published),
                delivered,
                failed,
                shed,
                sampledOut,
                sieved,
                duplicate,
                report.sum(Worker::lag),
                report.sum(Worker::blockedNanos),
                Optional.of(load),
                spill);
    }

    private static String delivery(WorkerConfig config) {
        return switch (config.delivery()) {
            case GATE -> WorkerCounts.GATE;
            case DETACH -> WorkerCounts.DETACH;
            case IN_PLACE -> WorkerCounts.IN_PLACE;
        };
    }

    private long sum(ToLongFunction<Worker> count) {
        return workers.stream().mapToLong(count).sum();
    }

    private List<HandlerChain> chains() {
        return workers.stream().flatMap(worker -> worker.chains().stream()).toList();
    }

    private WorkerLoad load(boolean live) {
        double busyShare = chains().stream()
                .mapToDouble(chain -> chain.busyShare(nanoTime))
                .max()
                .orElse(0);
        List<HandlerLoad> handlers = new ArrayList<>();
        for (int i = 0; i < config.handlers().size(); i++) {
            handlers.add(handler(i, busyShare));
        }
        return new WorkerLoad(busyShare, live ? OptionalLong.of(lagNanos()) : OptionalLong.empty(), handlers);
    }

    private long lagNanos() {
        long oldest =
                workers.stream().mapToLong(Worker::oldestTimestampNanos).min().orElse(Long.MAX_VALUE);
        long now = ChronoUnit.NANOS.between(Instant.EPOCH, Instant.now());
        return oldest == Long.MAX_VALUE ? 0 : Math.max(0, now - oldest);
    }

    private HandlerLoad handler(int index, double mostBusy) {
        HandlerFactory factory = config.handlers().get(index);
        List<HandlerCalls> instances =
                chains().stream().map(chain -> chain.handlers().get(index)).toList();
        Histogram times = CallTimes.sum();
        instances.forEach(instance -> instance.addTimesTo(times));
        double busyShare = instances.stream()
                .mapToDouble(instance -> instance.busyShare(nanoTime))
                .max()
                .orElse(0);
        boolean filtered = !factory.filter().isBlank();
        return new HandlerLoad(
                factory.type(),
                filtered ? factory.filter() : "",
                filtered
                        ? instances.stream().mapToLong(HandlerCalls::passed).sum()
                        : sum(worker -> worker.delivered() + worker.failed()),
                Math.min(busyShare, mostBusy),
                quantile(times, 50),
                quantile(times, 99));
    }

    private static OptionalLong quantile(Histogram times, double percentile) {
        return times.getTotalCount() == 0
                ? OptionalLong.empty()
                : OptionalLong.of(times.getValueAtPercentile(percentile));
    }
}
