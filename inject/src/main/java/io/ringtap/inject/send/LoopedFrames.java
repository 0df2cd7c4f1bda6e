package io.ringtap.inject.send;

import io.ringtap.inject.config.EtherAddresses;
import io.ringtap.inject.config.Schedule;
import java.util.Optional;

/** Counts the frames of a stream that come in again at the capture that the stream follows. Owned by the inject thread. */
public interface LoopedFrames extends AutoCloseable {
    /** How many have come since it was opened, modulo 2^32. */
    int count();

    /** Releases it; idempotent. */
    @Override
    void close();

    /** Opens it for a stream. */
    @FunctionalInterface
    interface Opener {
        /** Where nothing is to be counted, or that is impossible. */
        Opener NONE = (every, burst, addresses) -> Optional.empty();

        /** Counts frames with these addresses, of a stream that sends in such bursts, from now on; absent if there is no way. */
        Optional<LoopedFrames> open(Schedule.EveryFrames every, int burst, EtherAddresses addresses);
    }
}
