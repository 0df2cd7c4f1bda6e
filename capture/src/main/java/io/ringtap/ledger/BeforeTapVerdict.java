package io.ringtap.ledger;

import io.ringtap.ledger.EarlyLoss.Cause;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** Puts what happened before the tap into words: how many frames, where, why, and what to change. */
final class BeforeTapVerdict {
    private static final String OTHER_REASONS =
            "frames longer than its MTU, no memory, or frames that nothing but the capture took,"
                    + " which are not lost";

    private BeforeTapVerdict() {}

    /** Returns what was certainly lost: part of the ledger's sum. */
    static Stream<Loss> losses(CaptureCounts capture) {
        return capture.beforeTap().counted(true).stream().map(loss -> {
            String[] causeAndCure =
                    loss.cause().sentence(capture.interfaceName()).split(": ", 2);
            return new Loss(
                    Loss.Stage.INTERFACE,
                    capture.name(),
                    Optional.empty(),
                    loss.frames(),
                    loss.frames() + where(loss) + causeAndCure[0],
                    causeAndCure[1] + squeezed(capture));
        });
    }

    /** Returns what may have been: not part of the sum; empty if there is no hint. */
    static String hints(CaptureCounts capture) {
        StringBuilder text = new StringBuilder();
        for (EarlyLoss hint : capture.beforeTap().counted(false)) {
            text.append("; hint: ").append(hint.frames());
            text.append(hint.cause() == Cause.DROPPED ? dropped(capture, hint) : told(capture, hint));
        }
        return text.toString();
    }

    private static String told(CaptureCounts capture, EarlyLoss loss) {
        return where(loss) + loss.cause().sentence(capture.interfaceName());
    }

    private static String where(EarlyLoss loss) {
        return " before the tap (" + loss.counter() + "): ";
    }

    /** The kernel counts each frame that a backlog refused on its interface, and on the machine. */
    private static String dropped(CaptureCounts capture, EarlyLoss hint) {
        Optional<Softnet> softnet = capture.beforeTap().softnet();
        String where = " dropped on " + capture.interfaceName() + " (" + hint.counter() + ")";
        long byBacklogs = softnet.map(Softnet::dropped).orElse(0L);
        if (byBacklogs == 0) {
            return where + (softnet.isPresent() ? ", though no backlog was full" : "") + ": " + OTHER_REASONS;
        }
        OptionalLong most = softnet.orElseThrow().maxBacklog();
        return where + " before the tap: the per-processor backlog was full (" + byBacklogs
                + " dropped on the whole machine"
                + (most.isPresent() ? "; net.core.netdev_max_backlog is " + most.getAsLong() : "")
                + "): raise net.core.netdev_max_backlog, or spread the load over more processors"
                + (byBacklogs < hint.frames() ? "; the rest: " + OTHER_REASONS : "");
    }

    private static String squeezed(CaptureCounts capture) {
        return capture.beforeTap()
                .softnet()
                .filter(softnet -> softnet.squeezed() > 0)
                .map(softnet -> "; a processor of the machine left frames waiting " + softnet.squeezed()
                        + " times: raise net.core.netdev_budget")
                .orElse("");
    }
}
