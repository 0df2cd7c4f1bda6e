package io.ringtap.ledger;

import io.ringtap.ledger.Loss.Stage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Puts a ledger into one line: how many frames were lost, at which stage, the probable cause, and what to change. */
final class Verdict {
    /** A capture that waited this long for room in its ring was held up by a worker, whatever else there was. */
    private static final long HELD_UP_NANOS = 20_000_000;

    /** A worker that is busy for less of the time does not hold a capture up for long. */
    private static final double BUSY_SHARE = 0.8;

    /** A kernel ring that is emptied in time holds less. */
    private static final double FILLING_SHARE = 0.1;

    /** The capture thread is all that such a worker has. */
    private static final String OUT_OF_PLACE = "give it threads of its own with delivery = \"gate\"";

    private Verdict() {}

    static String of(Ledger ledger) {
        List<Loss> losses = losses(ledger);
        String text = "lost " + ledger.lost()
                + losses.stream().map(Loss::text).collect(Collectors.joining("; ", losses.isEmpty() ? "" : ": ", ""));
        if (!ledger.drained()) {
            text += bottlenecks(ledger);
        }
        for (CaptureCounts capture : ledger.captures()) {
            text += BeforeTapVerdict.hints(capture);
        }
        text += spilled(ledger);
        text += gaps(ledger);
        text += wrongDirection(ledger);
        if (ledger.failed() > 0) {
            text += "; " + ledger.failed() + " frames failed in a handler (see the log)";
        }
        if (ledger.unaccounted() > 0) {
            text += "; " + ledger.unaccounted() + " unaccounted, which is a defect of ringtap: please report it";
        }
        return text;
    }

    /** What was certainly lost, in the order of the frames' way. */
    static List<Loss> losses(Ledger ledger) {
        List<Loss> losses = new ArrayList<>();
        for (CaptureCounts capture : ledger.captures()) {
            kernelLoss(ledger, capture).ifPresent(losses::add);
            unread(capture).ifPresent(losses::add);
            interfaceLoss(capture).ifPresent(losses::add);
            BeforeTapVerdict.losses(capture).forEach(losses::add);
        }
        ledger.workers().forEach(worker -> shed(worker).ifPresent(losses::add));
        return losses;
    }

    private static Optional<Loss> kernelLoss(Ledger ledger, CaptureCounts capture) {
        long dropped = capture.kernelDropped();
        if (dropped == 0) {
            return Optional.empty();
        }
        String where = dropped + share(dropped, capture.received()) + " in the kernel ring of " + capture.name()
                + ", which was full, ";
        return Optional.of(
                heldUpBy(ledger, capture)
                        .map(worker -> loss(
                                Stage.KERNEL_RING,
                                capture,
                                dropped,
                                where
                                        + String.format(
                                                Locale.ROOT,
                                                "because worker %s held the capture up for %.1f s",
                                                worker.name(),
                                                worker.blockedNanos() / 1e9),
                                "make its handlers faster, or "
                                        + (worker.inPlace() ? OUT_OF_PLACE : "give it more threads")
                                        + "; a larger buffer helps against bursts only"))
                        .orElseGet(
                                () -> loss(
                                        Stage.KERNEL_RING,
                                        capture,
                                        dropped,
                                        where + "because the capture thread did not get to it in time",
                                        "give the capture a larger buffer, mode = \"throughput\", or a processor with less other work")));
    }

    private static Loss loss(Stage stage, CaptureCounts capture, long frames, String cause, String cure) {
        return new Loss(stage, capture.name(), Optional.empty(), frames, cause, cure);
    }

    private static Optional<Loss> unread(CaptureCounts capture) {
        if (capture.unread() == 0) {
            return Optional.empty();
        }
        return Optional.of(loss(
                Stage.KERNEL_RING,
                capture,
                capture.unread(),
                capture.unread() + share(capture.unread(), capture.received()) + " in a kernel ring of "
                        + capture.name() + ", whose interface " + capture.interfaceName()
                        + " went before they could be read",
                "find out in the system's log what took it away"));
    }

    private static Optional<WorkerCounts> heldUpBy(Ledger ledger, CaptureCounts capture) {
        return ledger.workers().stream()
                .filter(w -> w.capture().equals(capture.name()) && w.blockedNanos() >= HELD_UP_NANOS)
                .max(Comparator.comparingLong(WorkerCounts::blockedNanos));
    }

    private static String bottlenecks(Ledger ledger) {
        StringBuilder text = new StringBuilder();
        for (CaptureCounts capture : ledger.captures()) {
            if (capture.kernelRingFill().orElse(0) >= FILLING_SHARE) {
                busiest(ledger, capture)
                        .ifPresent(worker -> text.append(String.format(
                                Locale.ROOT,
                                "; worker %s is the bottleneck: %.0f %% busy, kernel ring of %s %.0f %% full: make its handlers"
                                        + " faster, %s, or delivery = \"detach\"",
                                worker.name(),
                                100 * busyShare(worker),
                                capture.name(),
                                100 * capture.kernelRingFill().orElse(0),
                                worker.inPlace() ? OUT_OF_PLACE : "give it more threads")));
            }
        }
        return text.toString();
    }

    /** The gate worker that a capture waits for. */
    private static Optional<WorkerCounts> busiest(Ledger ledger, CaptureCounts capture) {
        return ledger.workers().stream()
                .filter(w -> w.capture().equals(capture.name()) && !w.detached() && busyShare(w) >= BUSY_SHARE)
                .max(Comparator.comparingDouble(Verdict::busyShare));
    }

    private static double busyShare(WorkerCounts worker) {
        return worker.load().map(WorkerLoad::busyShare).orElse(0.0);
    }

    private static Optional<Loss> interfaceLoss(CaptureCounts capture) {
        long dropped = capture.interfaceDropped().orElse(0);
        if (dropped == 0) {
            return Optional.empty();
        }
        return Optional.of(loss(
                Stage.INTERFACE,
                capture,
                dropped,
                dropped + " in the interface " + capture.interfaceName() + " before the kernel took them",
                "enlarge its receive ring (ethtool -G) or spread its interrupts"));
    }

    private static Optional<Loss> shed(WorkerCounts worker) {
        if (worker.shed() == 0) {
            return Optional.empty();
        }
        String cause = worker.spill()
                .filter(spill -> spill.shed() > 0)
                .map(Verdict::notSpilled)
                .orElse("");
        return Optional.of(new Loss(
                Stage.QUEUE,
                worker.capture(),
                Optional.of(worker.name()),
                worker.shed(),
                worker.shed() + share(worker.shed(), worker.published()) + " shed by the detached worker "
                        + worker.name() + " on " + worker.capture() + cause + ", which did not keep up",
                "make its handlers faster, give it more threads, or have"
                        + " it see a share of the flows (sample); a larger queue helps against bursts only, a spill for as"
                        + " long as it has room"));
    }

    /** Why a spill did not take what was shed. */
    private static String notSpilled(SpillCounts spill) {
        List<String> causes = new ArrayList<>();
        cause(causes, spill.shedFull(), "found its spill full (spill)");
        cause(
                causes,
                spill.shedFailed(),
                "came while the disk refused" + (spill.fault().isEmpty() ? "" : " (" + spill.fault() + ")"));
        cause(causes, spill.shedSlow(), "came faster than the disk takes them");
        cause(causes, spill.unreadable(), "could not be read back from the disk");
        return " (of them " + String.join(", ", causes) + ")";
    }

    private static void cause(List<String> causes, long frames, String what) {
        if (frames > 0) {
            causes.add(frames + " " + what);
        }
    }

    /** What waits on disks, and what was left there for the next start. */
    private static String spilled(Ledger ledger) {
        StringBuilder text = new StringBuilder();
        for (WorkerCounts worker : ledger.workers()) {
            SpillCounts spill = worker.spill().orElse(SpillCounts.NONE);
            String who = "worker " + worker.name() + " on " + worker.capture();
            if (spill.waiting() > 0 && !ledger.drained()) {
                text.append(String.format(
                        Locale.ROOT,
                        "; %s has spilled %d frames, %.1f %% of its limit%s",
                        who,
                        spill.waiting(),
                        100.0 * spill.bytes() / Math.max(1, spill.limitBytes()),
                        spill.outlook().map(outlook -> ": " + outlook).orElse("")));
            }
            if (spill.kept() > 0) {
                text.append("; ")
                        .append(spill.kept())
                        .append(" frames of ")
                        .append(who)
                        .append(" kept for the next start");
            }
        }
        return text.toString();
    }

    private static String gaps(Ledger ledger) {
        StringBuilder text = new StringBuilder();
        for (CaptureCounts capture : ledger.captures()) {
            GapCounts gaps = capture.gaps();
            String who = "; capture " + capture.name();
            if (gaps.lasting().isPresent()) {
                text.append(who)
                        .append(waits(capture.interfaceName(), gaps.lasting().get()));
            } else if (gaps.count() > 0) {
                text.append(String.format(
                        Locale.ROOT,
                        "%s had %d gap%s, %.1f s together, in which nothing could come from %s",
                        who,
                        gaps.count(),
                        gaps.count() == 1 ? "" : "s",
                        gaps.nanos() / 1e9,
                        capture.interfaceName()));
            }
        }
        for (InjectCounts stream : ledger.injects()) {
            stream.gaps()
                    .lasting()
                    .ifPresent(gap ->
                            text.append("; stream ").append(stream.name()).append(waits(stream.interfaceName(), gap)));
        }
        return text.toString();
    }

    /** Nothing came in, and frames go out, as those of a mirror do. */
    private static String wrongDirection(Ledger ledger) {
        StringBuilder text = new StringBuilder();
        for (CaptureCounts capture : ledger.captures()) {
            if (capture.outgoing() > 0 && capture.received() == 0) {
                text.append("; ").append(DirectionHint.of(capture.name(), capture.interfaceName(), capture.outgoing()));
            }
        }
        return text.toString();
    }

    private static String waits(String interfaceName, Gap gap) {
        return String.format(
                Locale.ROOT,
                " waits for %s, which %s, for %.1f s%s",
                interfaceName,
                gap.cause().sentence(),
                gap.nanos() / 1e9,
                gap.detail().isEmpty() ? "" : ": " + gap.detail());
    }

    private static String share(long part, long whole) {
        return whole == 0 ? "" : String.format(Locale.ROOT, " (%.2f %%)", 100.0 * part / whole);
    }
}
