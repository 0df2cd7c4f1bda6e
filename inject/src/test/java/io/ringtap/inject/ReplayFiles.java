package io.ringtap.inject;

import io.ringtap.capture.OpenException;
import io.ringtap.capturefile.PcapWriter;
import io.ringtap.capturefile.SampleFiles;
import io.ringtap.inject.replay.Replay;
import io.ringtap.inject.replay.Replay.CutFrames;
import io.ringtap.inject.replay.Replay.LongFrames;
import io.ringtap.inject.replay.ReplayFacts;
import io.ringtap.inject.replay.Rewrite;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/** Capture files whose frames tests can tell apart: each carries its number in the file. */
public final class ReplayFiles {
    private ReplayFiles() {}

    /** A file of marked frames, whose marks are 1, 2, and so on, at these nanoseconds after the first. */
    public static Path marked(Path folder, long... sinceFirstNanos) {
        PcapWriter file = new PcapWriter(ByteOrder.LITTLE_ENDIAN, true);
        for (int i = 0; i < sinceFirstNanos.length; i++) {
            file.frame(SampleFiles.START_NANOS + sinceFirstNanos[i], TestFrames.frame(i + 1));
        }
        try {
            return Files.write(folder.resolve("trace.pcap"), file.bytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static ReplayFacts facts(Path file, long loops) {
        try {
            return ReplayFacts.read(new Replay(file, loops, Rewrite.NONE, CutFrames.REFUSE, LongFrames.REFUSE));
        } catch (OpenException e) {
            throw new AssertionError(e);
        }
    }
}
