package io.ringtap;

import io.ringtap.capture.CaptureConfig;
import io.ringtap.capture.CaptureOrigin;
import io.ringtap.capture.CaptureSource.InterfaceCounts;
import io.ringtap.capture.CaptureSource.SourceCounts;
import io.ringtap.capture.ring.Worker;
import io.ringtap.capture.ring.WorkerReport;
import io.ringtap.ledger.CaptureCounts;
import io.ringtap.ledger.CaptureState;
import io.ringtap.ledger.WorkerCounts;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;

/** The sums of the counts of a capture's lanes. Any thread, once there are lanes. */
final class LaneCounts {
    private final CaptureConfig config;
    private final List<Lane> lanes;

    /** Of lanes that may be added later. */
    LaneCounts(CaptureConfig config, List<Lane> lanes) {
        this.config = config;
        this.lanes = lanes;
    }

    long published() {
        return lanes.stream().mapToLong(lane -> lane.ring().entered()).sum();
    }

    /** Taken downstream first, so that never more frames are behind a stage than before it. */
    CaptureCounts ofCapture() {
        long published = published();
        long used = lanes.stream().mapToLong(lane -> lane.ring().used()).sum();
        long capacity = lanes.stream().mapToLong(lane -> lane.ring().capacity()).sum();
        long blocked =
                lanes.stream().mapToLong(lane -> lane.ring().blockedNanos()).sum();
        long cut = lanes.stream().mapToLong(lane -> lane.ring().cut()).sum();
        List<SourceCounts> counts =
                lanes.stream().map(lane -> lane.source().counts()).toList();
        InterfaceCounts ofInterface = lanes.getFirst().source().interfaceCounts(); // the same for every ring on it
        return new CaptureCounts(
                config.name(),
                config.origin().label(),
                state(),
                counts.stream().mapToLong(SourceCounts::received).sum(),
                counts.stream().mapToLong(SourceCounts::dropped).sum(),
                counts.stream().mapToLong(SourceCounts::unread).sum(),
                ofInterface.dropped(),
                published,
                cut,
                lanes.getFirst().source().outgoing(), // of the interface, too
                used,
                capacity,
                blocked,
                kernelRingFill(),
                lanes.getFirst().source().gaps(),
                ofInterface.beforeTap(),
                lanes.getFirst().source().progress());
    }

    /** That of the fullest. */
    private OptionalDouble kernelRingFill() {
        return lanes.stream()
                .map(lane -> lane.source().ringFill())
                .flatMapToDouble(OptionalDouble::stream)
                .max();
    }

    /** The worst. */
    private CaptureState state() {
        return lanes.stream()
                .map(lane -> lane.loop().state())
                .max(Comparator.naturalOrder())
                .orElseThrow();
    }

    /** Of the workers, of which each lane has as many, in the same order. */
    List<WorkerCounts> ofWorkers(int workers) {
        boolean live = config.origin() instanceof CaptureOrigin.Live;
        List<WorkerCounts> counts = new ArrayList<>();
        for (int i = 0; i < workers; i++) {
            int index = i;
            List<Worker> onLanes =
                    lanes.stream().map(lane -> lane.workers().get(index)).toList();
            counts.add(WorkerReport.of(onLanes, config.name(), live));
        }
        return counts;
    }
}
