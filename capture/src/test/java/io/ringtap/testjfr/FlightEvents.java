package io.ringtap.testjfr;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingStream;

/** What this JVM tells Flight Recorder under one name. */
public final class FlightEvents implements AutoCloseable {
    private final RecordingStream stream = new RecordingStream();
    private final List<RecordedEvent> events = new CopyOnWriteArrayList<>();

    private FlightEvents(String name) {
        stream.setReuse(false);
        stream.enable(name);
        stream.onEvent(name, events::add);
        stream.startAsync();
    }

    /** From now on they are recorded. */
    public static FlightEvents record(String name) {
        return new FlightEvents(name);
    }

    /** Ends the recording, and gives what was told. */
    public List<RecordedEvent> end() {
        stream.stop();
        return events;
    }

    @Override
    public void close() {
        stream.close();
    }
}
