package io.ringtap.handler.record;

import io.ringtap.frame.Frame;
import io.ringtap.frame.FrameHandler;
import io.ringtap.frame.HandlerContext;
import io.ringtap.frame.HandlerSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Records frames to pcapng or pcap files. A file begins with its first frame, is written under a hidden name, and gets its name
 * when it is whole. Frames are copied into memory here and written by another thread; when the disk is slower than the frames
 * come and the memory is used up, {@link #onFrame} waits. While the disk takes nothing at all, it throws.
 */
public final class RecordHandler implements FrameHandler {
    /** On a silent link a file ends this much later than its time: frames that are still on their way belong to it. */
    private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final RecordSettings settings;

    /** 0 for any. */
    private final long fileNanos;

    private final long mostFileFrames;
    private final RecordingPausedException refusal = new RecordingPausedException();

    private HandlerContext context;
    private FileFormat format;
    private RecordCounts counts;
    private Recording recording;
    private ChunkQueue queue;
    private long mostFileBytes;

    /** Null where conversations are kept whole. */
    private @Nullable FlowBytes flows;

    private long forgotten;
    private final boolean keepsAll;

    private Chunk chunk;
    private long fileBytes;
    private long fileFrames;

    /** By the frames' clock: the first time that is not the file's any more. */
    private long fileEndNanos;

    /** From the file's first frame to then. */
    private long fileLeftNanos;

    private long fileOpenedNanos;

    /** Reads its keys. */
    public RecordHandler(HandlerSettings settings) {
        this.settings = RecordSettings.read(settings);
        keepsAll = this.settings.keep().everything();
        fileNanos = this.settings.fileTime().toNanos();
        mostFileFrames = this.settings.fileFrames() == 0 ? Long.MAX_VALUE : this.settings.fileFrames();
    }

    /** Returns where its files go. */
    public Path folder() {
        return settings.folder();
    }

    @Override
    public void onStart(HandlerContext handlerContext) throws IOException, InterruptedException {
        context = handlerContext;
        format = settings.format().of(context.capture());
        mostFileBytes = settings.fileBytes() == 0
                ? Long.MAX_VALUE
                : settings.fileBytes()
                        - format.trailerBytes()
                        - settings.compression().mostOverhead(settings.fileBytes());
        counts = RecordCounts.of(context, settings);
        if (settings.keep().flowBytes() > 0) {
            flows = new FlowBytes(settings.keep().flowBytes(), FlowBytes.PLACES);
        }
        recording = Recording.open(settings, format, counts, context);
        queue = recording.queue();
        context.answer("recordings", recording.files());
    }

    @Override
    public void onFrame(Frame frame) throws RecordingPausedException, InterruptedException {
        if (queue.paused()) {
            throw refuse();
        }
        int length = keepsAll ? frame.length() : kept(frame);
        if (length < 0) {
            if (fileFrames > 0 && fileNanos != 0 && !isInTime(frame.timestampNanos())) {
                endFile(FileEnd.TIME);
            }
            return;
        }
        int bytes = format.recordBytes(length);
        FileEnd end = fileFrames == 0 ? null : endBefore(bytes, frame.timestampNanos());
        if (end != null) {
            endFile(end);
        }
        if (chunk == null || chunk.filled + bytes > Chunk.BYTES) {
            nextChunk();
        }
        format.put(frame, length, chunk.bytes, chunk.filled);
        if (fileFrames == 0) {
            fileBytes = format.header().length;
            beginTime(frame.timestampNanos());
        }
        chunk.filled += bytes;
        chunk.frames++;
        fileBytes += bytes;
        fileFrames++;
    }

    /** Bytes of a frame that are kept; less than 0 for no frame at all. */
    private int kept(Frame frame) {
        boolean taken = flows == null || flows.take(frame);
        int length = taken ? settings.keep().of(frame) : -1;
        counts.cutBytes().add(frame.length() - Math.max(0, length));
        counts.cutFrames().add(taken ? 0 : 1);
        if (flows != null) {
            counts.forgotten().add(flows.forgotten() - forgotten);
            forgotten = flows.forgotten();
        }
        return length;
    }

    /** Returns why a record does not fit into the file any more; null if it does. */
    private FileEnd endBefore(int bytes, long timestampNanos) {
        if (fileBytes + bytes > mostFileBytes) {
            return FileEnd.SIZE;
        }
        if (fileFrames >= mostFileFrames) {
            return FileEnd.FRAMES;
        }
        return fileNanos != 0 && !isInTime(timestampNanos) ? FileEnd.TIME : null;
    }

    /** A clock that is put back by more than a file's time ends the file too. */
    private boolean isInTime(long timestampNanos) {
        long left = fileEndNanos - timestampNanos;
        return left > 0 && left - fileNanos < fileNanos;
    }

    private void beginTime(long firstNanos) {
        boolean align = settings.fileAlign();
        fileLeftNanos = align ? fileNanos - Math.floorMod(firstNanos, fileNanos) : fileNanos;
        fileEndNanos = firstNanos + fileLeftNanos;
        fileOpenedNanos = context.nanoTime();
    }

    private RecordingPausedException refuse() {
        counts.refused().add(1);
        return refusal;
    }

    private void nextChunk() throws RecordingPausedException, InterruptedException {
        Chunk next = queue.exchange(chunk);
        if (next == null) {
            throw refuse();
        }
        chunk = next;
    }

    private void endFile(FileEnd reason) {
        if (chunk != null) {
            chunk.fileEnd = reason;
            queue.handOver(chunk);
            chunk = null;
        }
        fileFrames = 0;
    }

    @Override
    public void onBatchEnd() {
        if (chunk != null) {
            chunk.publish();
        }
    }

    @Override
    public void onIdle() {
        if (fileNanos != 0 && fileFrames > 0) {
            boolean isOver = context.nanoTime() - fileOpenedNanos - SILENCE_NANOS >= fileLeftNanos;
            if (isOver) {
                endFile(FileEnd.TIME);
            }
        }
    }

    /** Everything taken is in its file, under its name, when this returns; unless the disk takes too long. */
    @Override
    public void onStop() throws InterruptedException {
        endFile(FileEnd.STOP);
        recording.stop();
    }
}
