package io.ringtap.inject;

/**
 * A configured stream that an inject loop has opened, and that has not begun: {@link InjectLoop#change} has it begin. Whoever
 * does not want it any more closes it.
 */
public final class ReadyStream implements AutoCloseable {
    private final ConfiguredStream stream;

    ReadyStream(ConfiguredStream stream) {
        this.stream = stream;
    }

    ConfiguredStream stream() {
        return stream;
    }

    /** What it is called. */
    public String name() {
        return stream.name();
    }

    /** Releases it; only if it never began. */
    @Override
    public void close() {
        stream.close();
    }
}
