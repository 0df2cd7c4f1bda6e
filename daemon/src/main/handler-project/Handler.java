package %PACKAGE%;

import io.ringtap.frame.Frame;
import io.ringtap.frame.FrameHandler;
import io.ringtap.frame.HandlerContext;
import io.ringtap.frame.HandlerSettings;
import io.ringtap.ledger.Counter;

/** Counts frames of at least {@code at-least} bytes (0 unless given), and those that are shorter. */
final class %CLASS%Handler implements FrameHandler {
    private final long atLeast;
    private Counter counted;
    private Counter shorter;

    %CLASS%Handler(HandlerSettings settings) {
        atLeast = settings.number("at-least", 0, 0, 65_535);
    }

    @Override
    public void onStart(HandlerContext context) {
        counted = context.counter("frames", "counted");
        shorter = context.counter("frames", "shorter");
    }

    @Override
    public void onFrame(Frame frame) {
        (frame.originalLength() < atLeast ? shorter : counted).add(1);
    }
}
