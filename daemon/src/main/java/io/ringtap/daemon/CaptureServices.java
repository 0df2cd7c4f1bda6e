package io.ringtap.daemon;

import io.ringtap.capture.CaptureOrigin;
import io.ringtap.capture.OpenException;
import io.ringtap.frame.FrameSender;
import io.ringtap.frame.HandlerServices;
import io.ringtap.frame.StreamSwitch;

/** What handlers on a capture reach: the inject loop of its interface, and the streams on any. */
record CaptureServices(CaptureOrigin origin, InjectLoops injects) implements HandlerServices {
    @Override
    public FrameSender sender() {
        return switch (origin) {
            case CaptureOrigin.File _ -> _ -> false;
            case CaptureOrigin.Live live -> {
                try {
                    yield injects.sender(live.interfaceName());
                } catch (OpenException e) {
                    throw new IllegalStateException(e.getMessage(), e);
                }
            }
        };
    }

    @Override
    public StreamSwitch streams() {
        return new StreamsForHandlers(injects);
    }
}
