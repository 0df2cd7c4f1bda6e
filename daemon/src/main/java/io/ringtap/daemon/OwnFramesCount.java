package io.ringtap.daemon;

import io.ringtap.capture.CaptureConfig;
import io.ringtap.capture.CaptureConfig.Direction;
import io.ringtap.capture.CaptureConfig.OwnFrames;
import io.ringtap.capture.CaptureOrigin;
import io.ringtap.inject.config.EtherAddresses;
import io.ringtap.inject.config.Schedule;
import io.ringtap.inject.pcap.PcapLoopedFrames;
import io.ringtap.inject.send.LoopedFrames;
import java.util.List;
import java.util.Optional;

/** Has the frames of a stream counted that come back to the capture which sets it off. */
record OwnFramesCount(List<CaptureConfig> captures) implements LoopedFrames.Opener {
    /** To be set off by its own frames, a stream needs one of each so many to come back. */
    private static final long MOST_FRAMES_GUARDED = 1_000;

    /** Only a stream that sends much for what it sees can run away. */
    @Override
    public Optional<LoopedFrames> open(Schedule.EveryFrames every, int burst, EtherAddresses addresses) {
        if (every.frames() / burst > MOST_FRAMES_GUARDED) {
            return Optional.empty();
        }
        return captures.stream()
                .filter(capture -> capture.name().equals(every.captureName()))
                .filter(capture -> capture.origin() instanceof CaptureOrigin.Live)
                .findFirst()
                .flatMap(capture -> PcapLoopedFrames.open(
                        capture.origin().label(),
                        addresses,
                        capture.direction() != Direction.IN && capture.ownFrames() == OwnFrames.DELIVER));
    }
}
