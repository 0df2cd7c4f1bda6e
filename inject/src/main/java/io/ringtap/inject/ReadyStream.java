package io.ringtap.inject;

import java.util.function.Consumer;

/**
 * A configured stream that an inject loop has opened, and that has not begun: {@link InjectLoop#change} has it begin. Whoever
 * does not want it any more closes it.
 */
public final class ReadyStream implements AutoCloseable {
    private final ConfiguredStream stream;
    private final Consumer<ConfiguredStream> release;

    ReadyStream(ConfiguredStream stream, Consumer<ConfiguredStream> release) {
        this.stream = stream;
        this.release = release;
    }

    ConfiguredStream stream() {
        return stream;
    }

    /** What it is called. */
    public String name() {
        return stream.name();
    }

    /** Has its loop release it; only if it never began. Any thread. */
    @Override
    public void close() {
        release.accept(stream);
    }
}
