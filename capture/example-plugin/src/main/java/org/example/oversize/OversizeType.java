package org.example.oversize;

import io.ringtap.frame.FrameHandler;
import io.ringtap.frame.HandlerSettings;
import io.ringtap.frame.HandlerType;

/** What ringtap finds in the jar, by its META-INF/services/io.ringtap.frame.HandlerType. */
public final class OversizeType implements HandlerType {
    @Override
    public int apiVersion() {
        return HandlerType.API_VERSION;
    }

    @Override
    public String name() {
        return "oversize";
    }

    @Override
    public FrameHandler make(HandlerSettings settings) {
        return new OversizeHandler(settings);
    }
}
