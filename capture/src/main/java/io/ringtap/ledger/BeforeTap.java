package io.ringtap.ledger;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The counts of frames before the tap, as far as kernel and driver tell, since the capture started; {@code interface_dropped}
 * is not repeated here.
 *
 * @param losses a counter each, those at 0 too
 * @param softnet the machine's; absent where it cannot be read
 */
public record BeforeTap(List<EarlyLoss> losses, Optional<Softnet> softnet) {
    /** Nothing is told: of a file, or of an interface that has not been read. */
    public static final BeforeTap NONE = new BeforeTap(List.of(), Optional.empty());

    /** Keeps the list as it is now. */
    public BeforeTap {
        losses = List.copyOf(losses);
    }

    /** Returns the frames that driver and card certainly lost; absent if no such counter is known of the driver. */
    public OptionalLong driverDropped() {
        return losses.stream().noneMatch(loss -> loss.cause().certain())
                ? OptionalLong.empty()
                : OptionalLong.of(losses.stream()
                        .filter(loss -> loss.cause().certain())
                        .mapToLong(EarlyLoss::frames)
                        .sum());
    }

    /** Returns the counters that have counted: certain losses, or hints. */
    public List<EarlyLoss> counted(boolean certain) {
        return losses.stream()
                .filter(loss -> loss.frames() > 0 && loss.cause().certain() == certain)
                .toList();
    }

    /** Returns these with what an earlier capture of that name counted. */
    BeforeTap plus(BeforeTap earlier) {
        List<EarlyLoss> sums = new ArrayList<>(earlier.losses);
        for (EarlyLoss loss : losses) {
            Optional<EarlyLoss> same = sums.stream().filter(loss::sameCounter).findFirst();
            same.ifPresent(sums::remove);
            sums.add(loss.plus(same.map(EarlyLoss::frames).orElse(0L)));
        }
        return new BeforeTap(
                sums,
                softnet.map(now -> earlier.softnet.map(now::plus).orElse(now)).or(earlier::softnet));
    }

    /** Returns these without what had been counted at an earlier look. */
    BeforeTap minus(BeforeTap earlier) {
        return new BeforeTap(
                losses.stream()
                        .map(loss -> earlier.losses.stream()
                                .filter(loss::sameCounter)
                                .findFirst()
                                .map(then -> loss.plus(-then.frames()))
                                .orElse(loss))
                        .toList(),
                softnet.map(now -> earlier.softnet
                        .map(then -> new Softnet(
                                now.dropped() - then.dropped(), now.squeezed() - then.squeezed(), now.maxBacklog()))
                        .orElse(now)));
    }
}
