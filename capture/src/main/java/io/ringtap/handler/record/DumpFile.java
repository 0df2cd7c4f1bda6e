package io.ringtap.handler.record;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** A file that is being written, under a hidden name; one thread at a time. */
public final class DumpFile {
    private final DumpFiles files;
    private final LiveFile file;
    private final PcapngFormat format;

    DumpFile(DumpFiles files, LiveFile file, PcapngFormat format) {
        this.files = files;
        this.file = file;
        this.format = format;
    }

    /** Appends whole records: all that remain in the buffer, which stays as it is, or, if it throws, none. */
    public void append(ByteBuffer records, int frames, long nanosOfFirst) throws IOException {
        file.append(records, frames, nanosOfFirst);
        files.wrote(frames, records.remaining());
    }

    /** Returns its hidden name. */
    public Path hidden() {
        return file.part().path();
    }

    /** Ends it, has it on the disk, and gives it its name: takes as long as the disk does. Any thread, once. */
    public Path finish() throws IOException {
        return files.name(file, files.trailer(format));
    }
}
