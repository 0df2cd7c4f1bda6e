package io.ringtap.daemon.doctor;

import io.ringtap.capture.CaptureConfig;
import io.ringtap.capture.RingReport;
import io.ringtap.daemon.doctor.Finding.Severity;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;

/** Looks at the kernel rings that captures would have. */
final class RingChecks {
    private static final int FRAME_HEADER_BYTES = 14;

    private RingChecks() {}

    /** Whether they outlast a pause at the expected rate, and have room for the frames of the interface. */
    static void size(Subject subject, Machine machine, Consumer<Finding> found) {
        for (CaptureConfig capture : subject.captures()) {
            RingReport ring = machine.answers().ring(capture);
            List<String> warnings = ring.warnings();
            boolean isShort = ring.millis() < RingReport.LEAST_MILLIS;
            for (int i = 0; i < warnings.size(); i++) {
                String warning = warnings.get(i);
                boolean lasts = !isShort || i > 0; // of the first warning
                int colon = warning.lastIndexOf(": ");
                found.accept(new Finding(
                        lasts ? Severity.RISK : Severity.LOSS,
                        "kernel-ring",
                        "capture " + capture.name(),
                        lasts
                                ? "the kernel ring does not fit what is to come"
                                : "the kernel ring outlasts no pause of 50 ms at the expected rate",
                        warning.substring(warning.indexOf(": ") + 2, colon),
                        ring.summary(),
                        warning.substring(colon + 2)));
            }
        }
    }

    /** Whether the machine has the memory for them: the kernel's own, which no control group limits. */
    static void memory(Subject subject, Machine machine, Consumer<Finding> found) {
        long wanted = subject.captures().stream()
                .mapToLong(capture -> capture.threads()
                        * machine.answers().ring(capture).ring().ringBytes())
                .sum();
        long available = machine.field("/proc/meminfo", "MemAvailable")
                .map(text -> Long.parseLong(text.replaceAll("\\D", "")) << 10)
                .orElse(Long.MAX_VALUE);
        if (wanted > available / 2) {
            found.accept(new Finding(
                    wanted > available ? Severity.LOSS : Severity.RISK,
                    "kernel-memory",
                    Finding.MACHINE,
                    "the kernel rings take " + Amount.mebibytes(wanted) + " of the " + Amount.mebibytes(available)
                            + " that are free",
                    "the kernel gives smaller rings than asked for, or has no memory for the network",
                    "/proc/meminfo: MemAvailable",
                    "a smaller buffer, fewer captures or threads, or more memory"));
        }
    }

    /** Whether frames are cut because that was asked for. */
    static void snaplen(Subject subject, Machine machine, Consumer<Finding> found) {
        for (CaptureConfig capture : subject.captures()) {
            OptionalInt mtu = machine.answers().mtuBytes(capture.origin().label());
            int snaplen = capture.snaplenBytes();
            if (mtu.isPresent()
                    && snaplen != CaptureConfig.WHOLE_FRAMES
                    && snaplen < mtu.getAsInt() + FRAME_HEADER_BYTES) {
                found.accept(new Finding(
                        Severity.NOTE,
                        "snaplen",
                        "capture " + capture.name(),
                        "frames longer than " + Amount.count(snaplen) + " bytes are cut, as snaplen says",
                        "handlers and recordings see the rest of such a frame nowhere; it is counted as cut",
                        "snaplen = " + snaplen + "; the MTU of "
                                + capture.origin().label() + ", " + mtu.getAsInt() + ", allows frames of "
                                + Amount.count(mtu.getAsInt() + FRAME_HEADER_BYTES) + " bytes",
                        "snaplen = " + CaptureConfig.MAX_SNAPLEN_BYTES + ", if they are wanted whole"));
            }
        }
    }
}
