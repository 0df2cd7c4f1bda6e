package io.ringtap.daemon.doctor;

import io.ringtap.capture.CaptureConfig;
import io.ringtap.capture.RingReport;
import io.ringtap.capture.WorkerConfig;
import io.ringtap.daemon.doctor.Finding.Severity;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** Looks whether a disk takes what is to be recorded at the expected rate. Writes to it for a second. */
final class DiskCheck implements Check {
    /** What pcapng puts around each frame: an enhanced packet block, and what it is padded by. */
    private static final int BLOCK_BYTES = 34;

    @Override
    public void look(Subject subject, Machine machine, Consumer<Finding> found) {
        for (WorkerConfig worker : subject.workers()) {
            for (Path folder : Recorders.folders(worker)) {
                look(subject, worker, folder, machine.answers().writeBytesPerSecond(folder), found);
            }
        }
    }

    private static void look(
            Subject subject, WorkerConfig worker, Path folder, OptionalLong takes, Consumer<Finding> found) {
        if (takes.isEmpty()) {
            found.accept(new Finding(
                    subject.unit().isPresent() ? Severity.RISK : Severity.LOSS,
                    "disk",
                    folder.toString(),
                    "nothing can be written there by this user",
                    "nothing is recorded",
                    "worker " + worker.name() + " records there",
                    "install -d -o ringtap -g ringtap " + folder + ", or another folder"));
            return;
        }
        double frames = subject.captures().stream()
                        .filter(capture -> worker.worksOn(capture.name()))
                        .mapToDouble(CaptureConfig::expectedRate)
                        .sum()
                * worker.sample();
        long comes = (long) (frames * (RingReport.TYPICAL_FRAME_BYTES + BLOCK_BYTES));
        boolean all = worker.handlers().stream()
                .filter(Recorders::isRecorder)
                .anyMatch(handler -> handler.filter().isBlank());
        if (takes.getAsLong() < comes) {
            found.accept(new Finding(
                    all ? Severity.LOSS : Severity.RISK,
                    "disk",
                    folder.toString(),
                    "the disk takes " + Amount.mebibytes(takes.getAsLong()) + " a second, and "
                            + Amount.mebibytes(comes) + " may come",
                    "the recorder waits for the disk, and frames are lost in the kernel ring, or shed",
                    "a file written there and synced; worker " + worker.name() + ": " + Amount.count((long) frames)
                            + " frames of " + RingReport.TYPICAL_FRAME_BYTES + " bytes a second (expect)",
                    "another disk, a filter for the recorder, or the true rate in expect"));
        }
    }
}
