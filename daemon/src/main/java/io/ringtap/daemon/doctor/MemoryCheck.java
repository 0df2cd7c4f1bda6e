package io.ringtap.daemon.doctor;

import io.ringtap.capture.CaptureConfig;
import io.ringtap.capture.WorkerConfig;
import io.ringtap.daemon.doctor.Finding.Severity;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Looks whether a control group leaves the memory that this process needs: heap, rings and queues. Kernel rings are the kernel's own,
 * and count to no group (net/packet/af_packet.c, alloc_one_pg_vec_page; with one of 1,024 MiB a group was charged 57 MiB).
 */
final class MemoryCheck implements Check {
    /** A ring of the process, at its least: {@code FrameRing}'s slab and slots. */
    private static final long RING_BYTES = 4L << 20;

    /** What a JVM takes beside its heap: code, classes, threads. */
    private static final long JVM_BYTES = 100L << 20;

    @Override
    public void look(Subject subject, Machine machine, Consumer<Finding> found) {
        long rings = rings(subject);
        long heap = machine.answers().heapBytes();
        long needed = heap + rings + JVM_BYTES;
        Optional<Cgroup.Limit> limit = subject.unit()
                .flatMap(Unit::memoryLimit)
                .or(() -> Cgroup.memory(machine))
                .filter(most -> most.value() < needed);
        limit.ifPresent(most -> found.accept(new Finding(
                most.value() < needed - heap ? Severity.LOSS : Severity.RISK,
                "memory-limit",
                Finding.MACHINE,
                "the process may have " + Amount.mebibytes((long) most.value()) + ", and needs up to "
                        + Amount.mebibytes(needed),
                "the kernel ends it when it has used that up, and with it the capture",
                most.file() + "; heap " + Amount.mebibytes(heap) + ", rings and queues " + Amount.mebibytes(rings)
                        + ", the JVM itself about " + Amount.mebibytes(JVM_BYTES),
                "raise the limit (MemoryMax= of the unit), or give the JVM less (RINGTAP_JAVA_OPTS=-Xmx128m)")));
    }

    private static long rings(Subject subject) {
        long bytes = 0;
        for (CaptureConfig capture : subject.captures()) {
            bytes += capture.threads() * RING_BYTES;
            for (WorkerConfig worker : subject.workers()) {
                if (worker.worksOn(capture.name()) && worker.delivery() == WorkerConfig.Delivery.DETACH) {
                    bytes += capture.threads() * worker.queueBytes();
                }
            }
        }
        return bytes;
    }
}
