package io.ringtap.handler.record;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringtap.capturefile.RecordedFolder;
import io.ringtap.frame.Frame;
import io.ringtap.testjfr.FlightEvents;
import io.ringtap.testkit.HandlerTrial;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import jdk.jfr.consumer.RecordedEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RotationEventTest {
    private static final long SECOND = 1_000_000_000;

    @TempDir
    private Path path;

    private List<RecordedEvent> rotations(List<Frame> frames, Object... keysAndValues) {
        try (FlightEvents flight = FlightEvents.record("io.ringtap.Rotation");
                HandlerTrial trial = RecordTrial.in(path).start(keysAndValues)) {
            trial.batch(frames).stop();
            return flight.end();
        }
    }

    private static List<Frame> frames(int count, int length, long apartNanos) {
        List<Frame> frames = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            frames.add(Frame.of(new byte[length], length, (1_000 + i) * apartNanos, "uplink"));
        }
        return frames;
    }

    private static List<String> reasons(List<RecordedEvent> rotations) {
        return rotations.stream()
                .map(rotation -> rotation.getString("reason") + " " + rotation.getLong("frames"))
                .toList();
    }

    @Test
    void shouldTellEveryFileItsFramesAndWhyItEnded() throws Exception {
        List<RecordedEvent> rotations = rotations(frames(25, 60, SECOND), "file-frames", 10);
        assertEquals(List.of("file-frames 10", "file-frames 10", "stop 5"), reasons(rotations));
        List<Path> files = new RecordedFolder(path).whole();
        for (int i = 0; i < files.size(); i++) {
            assertEquals(files.get(i).toRealPath().toString(), rotations.get(i).getString("file"));
            assertEquals(Files.size(files.get(i)), rotations.get(i).getLong("bytes"));
        }
    }

    @Test
    void shouldTellThatTheSizeOrTheTimeWasReached() {
        assertEquals(
                List.of("file-time 3", "file-time 3", "stop 1"),
                reasons(rotations(frames(7, 60, SECOND), "file-time", Duration.ofSeconds(3))));
        assertEquals(
                List.of("file-size 66", "stop 34"),
                reasons(rotations(frames(100, 976, SECOND), "file-size", 65_536, "format", "pcap")));
    }
}
