package io.ringtap.capture.ring.spill;

import io.ringtap.capture.DiskFault;
import io.ringtap.capture.LineLimit;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread that moves full chunks to segments, one behind the other. A disk that refuses is tried again until it takes them. */
final class SpillWriter implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger("io.ringtap.spill");

    private final String what;
    private final SpillLog log;
    private final SpillFolder folder;
    private final long segmentBytes;
    private final LineLimit lines = new LineLimit(1, Duration.ofMinutes(1), System::nanoTime);

    SpillWriter(String what, SpillLog log, SpillFolder folder, long segmentBytes) {
        this.what = what;
        this.log = log;
        this.folder = folder;
        this.segmentBytes = segmentBytes;
    }

    @Override
    public void run() {
        try {
            for (SpillChunk chunk = log.awaitChunk(); chunk != null; chunk = log.awaitChunk()) {
                write(chunk);
            }
        } catch (RuntimeException | Error e) {
            LOG.error("{}: its writer ended: this is a defect of ringtap: please report it", what, e);
            log.refused("its writer ended: " + e);
        }
    }

    private void write(SpillChunk chunk) {
        chunk.seal();
        SpillSegment segment;
        try {
            segment = segmentFor(chunk);
        } catch (IOException e) {
            log.refused(complain(e));
            return;
        }
        try {
            segment.append(chunk);
            log.written(segment, segment.appended(), chunk.frames(), null);
        } catch (IOException e) {
            String reason = complain(e);
            int bytes = 0;
            int frames = 0;
            for (int place = chunk.from(); place + chunk.lengthAt(place) <= chunk.from() + segment.appended(); ) {
                bytes += chunk.lengthAt(place);
                place += chunk.lengthAt(place);
                frames++;
            }
            log.written(segment, bytes, frames, reason);
        }
    }

    private SpillSegment segmentFor(SpillChunk chunk) throws IOException {
        @Nullable SpillSegment segment = log.tail();
        int bytes = chunk.filled() - chunk.from();
        if (segment != null && (segment.records() == 0 || segment.end() + bytes <= segmentBytes)) {
            return segment;
        }
        if (segment != null) {
            segment.finish();
        }
        SpillSegment made = folder.create();
        log.begin(made);
        return made;
    }

    private String complain(IOException e) {
        String reason = DiskFault.reason(e);
        lines.lineEnd()
                .ifPresent(end -> LOG.error(
                        "{} cannot write to {}: {}: frames that its queue does not hold are shed until it can{}",
                        what,
                        folder.path(),
                        reason,
                        end));
        return reason;
    }
}
