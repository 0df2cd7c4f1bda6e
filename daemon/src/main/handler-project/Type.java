package %PACKAGE%;

import io.ringtap.frame.FrameHandler;
import io.ringtap.frame.HandlerSettings;
import io.ringtap.frame.HandlerType;

/** What ringtap finds in the jar, by its META-INF/services/io.ringtap.frame.HandlerType. */
public final class %CLASS%Type implements HandlerType {
    @Override
    public int apiVersion() {
        return HandlerType.API_VERSION;
    }

    @Override
    public String name() {
        return "%TYPE%";
    }

    @Override
    public FrameHandler make(HandlerSettings settings) {
        return new %CLASS%Handler(settings);
    }
}
