package io.ringtap.handler.record;

import io.ringtap.frame.FileMode;
import io.ringtap.handler.record.RecordFolder.Part;
import io.ringtap.handler.record.index.IndexWriter;
import io.ringtap.handler.record.index.RecordingIndex;
import io.ringtap.handler.record.index.Records;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The index of a file that is being written, beside it under a hidden name. One that the disk refuses is given up: it holds up no
 * recording. One thread at a time.
 */
final class LiveIndex {
    private static final int WINDOW = 1 << 20;

    private final Path file;
    private final Records layout;
    private final FileMode mode; // null: there is to be none
    private final DiskComplaints complaints;
    private IndexWriter writer; // null: none is written

    private LiveIndex(Part part, FileMode mode, DiskComplaints complaints) {
        file = RecordingIndex.beside(part.path());
        layout = part.extension().equals(FileFormat.Kind.PCAPNG.extension()) ? Records.PCAPNG : Records.PCAP;
        this.mode = mode;
        this.complaints = complaints;
    }

    /** In place of one: nothing is written. */
    static LiveIndex none(Part part, DiskComplaints complaints) {
        return new LiveIndex(part, null, complaints);
    }

    /** One that is to begin. */
    static LiveIndex of(Part part, FileMode mode, DiskComplaints complaints) {
        return new LiveIndex(part, mode, complaints);
    }

    /** Begins it, beside a file that is there: an index alone is one that was left. */
    void begin() {
        if (mode == null) {
            return;
        }
        try {
            writer = IndexWriter.create(file, layout, FileMode.OWNER_ALONE);
            mode.give(file);
        } catch (IOException e) {
            giveUp(e);
        }
    }

    /** Tells it whole records that are in the recording now, from an offset on. */
    void add(ByteBuffer records, int from, int to, long fileOffset) {
        if (writer != null && to > from) {
            try {
                writer.add(records, from, to, fileOffset);
            } catch (IOException e) {
                giveUp(e);
            }
        }
    }

    /** The recording is whole. */
    void end(long recordingBytes, boolean sync) {
        if (writer != null) {
            try (IndexWriter ending = writer) {
                ending.end(recordingBytes, sync);
                writer = null;
            } catch (IOException e) {
                giveUp(e);
            }
        }
    }

    private void giveUp(IOException reason) {
        complaints.tell("no index is written of a recording: " + file, reason);
        discard();
    }

    /** Closes and removes it. */
    void discard() {
        try (IndexWriter _ = writer) {
            writer = null;
            Files.deleteIfExists(file);
        } catch (IOException e) {
            complaints.tell(file + " stays", e);
        }
    }

    /** Makes the index of a file that another process has left, and that ends with a whole record, anew. */
    static void remake(Part part, long headerBytes, FileMode mode, DiskComplaints complaints) throws IOException {
        LiveIndex index = of(part, mode, complaints);
        index.begin();
        try (FileChannel channel = FileChannel.open(part.path())) {
            ByteBuffer window = ByteBuffer.allocateDirect(WINDOW).order(ByteOrder.nativeOrder());
            long at = headerBytes;
            while (index.writer != null && at < channel.size()) {
                window.clear();
                while (window.hasRemaining() && channel.read(window, at + window.position()) > 0) {
                    // until it is full, or the file's end
                }
                int whole = index.layout.wholeBytes(window.flip());
                if (whole == 0) {
                    throw new IOException("no whole record at " + at);
                }
                index.add(window, 0, whole, at);
                at += whole;
            }
            index.end(at, true);
        } catch (IOException e) {
            index.discard();
            throw e;
        }
    }
}
