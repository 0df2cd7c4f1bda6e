package io.ringtap.inject.stream;

import java.util.function.Consumer;

/**
 * A configured stream that an inject loop has opened, and that has not begun: {@code InjectLoop.change} has it begin. Whoever
 * does not want it any more closes it.
 */
public final class ReadyStream implements AutoCloseable {
    private final ConfiguredStream stream;
    private final Consumer<ConfiguredStream> release;

    /** A stream that has not begun; {@code release} closes it on the thread that it belongs to. */
    public ReadyStream(ConfiguredStream stream, Consumer<ConfiguredStream> release) {
        this.stream = stream;
        this.release = release;
    }

    /** Returns the stream, for the loop that begins it. */
    public ConfiguredStream stream() {
        return stream;
    }

    /** Returns its name. */
    public String name() {
        return stream.name();
    }

    /** Has its loop release it; only if it never began. Any thread. */
    @Override
    public void close() {
        release.accept(stream);
    }
}
