package io.ringtap.handler.record;

import io.ringtap.frame.FileMode;
import io.ringtap.frame.HandlerSettings;
import io.ringtap.handler.record.index.IndexWriter;
import io.ringtap.zstd.ZstdBlocks;
import io.ringtap.zstd.ZstdFrame;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;

/**
 * The handler's keys.
 *
 * @param folder where the files go
 * @param prefix what their names begin with; empty for the worker's name
 * @param format what they hold
 * @param fileBytes the longest a file gets; 0 for any length
 * @param fileTime the longest time from the first frame of a file to its last; zero for any
 * @param fileAlign whether files end where the clock, in UTC, shows a multiple of {@code fileTime}
 * @param fileFrames the most frames in a file; 0 for any number
 * @param keepFiles whole files to keep of a capture, over all threads; 0 for all
 * @param keepBytes bytes to keep of a capture, over all threads, files being written among them; 0 for all
 * @param bufferBytes memory of a thread that holds frames until the disk has taken them
 * @param mode who may read and write the files
 * @param sync whether a file is on the disk, not only in the kernel's cache, before it gets its name
 * @param compression what becomes of the files' bytes
 * @param compressLevel of zstd
 * @param compressThreads of a thread's recording
 * @param keep what of the frames is kept
 * @param index whether each file gets an index beside it
 */
record RecordSettings(
        Path folder,
        String prefix,
        FileFormat.Kind format,
        long fileBytes,
        Duration fileTime,
        boolean fileAlign,
        long fileFrames,
        long keepFiles,
        long keepBytes,
        long bufferBytes,
        FileMode mode,
        boolean sync,
        Compression compression,
        int compressLevel,
        int compressThreads,
        KeptBytes keep,
        boolean index) {
    /** Where the service may write. */
    static final String DEFAULT_FOLDER = "/var/lib/ringtap";

    /** Small enough for every reader to open whole, large enough for a few a minute on a busy link. */
    static final long DEFAULT_FILE_BYTES = 1L << 30;

    /** With the kernel ring behind it, outlasts the pauses of a disk that is fast enough. */
    static final long DEFAULT_BUFFER_BYTES = 16L << 20;

    private static final long LEAST_BUFFER_BYTES = 1L << 20;
    private static final long MOST_BUFFER_BYTES = 1L << 30;

    /** Each takes 5 MiB. */
    private static final int MOST_COMPRESS_THREADS = 64;

    /** Holds dozens of full Ethernet frames; less would be more files than anyone wants. */
    static final long LEAST_FILE_BYTES = 64L << 10;

    private static final Pattern PREFIX = Pattern.compile("|[A-Za-z0-9_][A-Za-z0-9._-]*");

    static RecordSettings read(HandlerSettings keys) {
        RecordSettings settings = new RecordSettings(
                folder(keys),
                keys.text("prefix", ""),
                keys.choice("format", FileFormat.Kind.PCAPNG),
                keys.bytes("file-size", DEFAULT_FILE_BYTES),
                keys.duration("file-time", Duration.ZERO),
                keys.flag("file-align", false),
                keys.number("file-frames", 0, 0, Long.MAX_VALUE),
                keys.number("keep-files", 0, 0, Integer.MAX_VALUE),
                keys.bytes("keep-bytes", 0),
                keys.bytes("buffer", DEFAULT_BUFFER_BYTES, LEAST_BUFFER_BYTES, MOST_BUFFER_BYTES),
                FileMode.read(keys),
                keys.flag("sync", true),
                keys.choice("compress", Compression.NONE),
                (int) keys.number(
                        "compress-level", ZstdBlocks.LEAST_LEVEL, ZstdBlocks.LEAST_LEVEL, ZstdBlocks.MOST_LEVEL),
                (int) keys.number("compress-threads", 1, 1, MOST_COMPRESS_THREADS),
                KeptBytes.read(keys),
                keys.flag("index", false));
        settings.check(keys);
        return settings;
    }

    /** The longest a file gets, with its index. */
    long mostFileBytes() {
        return index ? fileBytes + fileBytes / IndexWriter.MOST_PART : fileBytes;
    }

    private static Path folder(HandlerSettings keys) {
        String folder = keys.text("folder", DEFAULT_FOLDER);
        try {
            if (!folder.isBlank()) {
                return Path.of(folder);
            }
            keys.problem("folder", "must not be empty");
        } catch (InvalidPathException e) {
            keys.problem("folder", "is no path: " + e.getReason());
        }
        return Path.of(DEFAULT_FOLDER);
    }

    private void check(HandlerSettings keys) {
        if (compression == Compression.ZSTD) {
            ZstdFrame.missing().ifPresent(why -> keys.problem("compress", "cannot be \"zstd\": " + why));
        }
        if (index && compression != Compression.NONE) {
            keys.problem("index", "is for files that are not compressed: leave compress out, or index");
        }
        if (!PREFIX.matcher(prefix).matches()) {
            keys.problem(
                    "prefix",
                    "must be made of letters, digits, \"_\", \"-\" and \".\", and begin with neither of the last two");
        }
        if (fileBytes != 0 && fileBytes < LEAST_FILE_BYTES) {
            keys.problem("file-size", "must be at least 64 KiB, or 0 for no limit, not " + fileBytes + " bytes");
        }
        if (!fileTime.isZero() && fileTime.compareTo(Duration.ofSeconds(1)) < 0) {
            keys.problem("file-time", "must be at least 1 s, or 0 s for no limit");
        }
        if (fileAlign && fileTime.isZero()) {
            keys.problem("file-align", "needs a file-time, of which files end at the multiples");
        }
        if (keepBytes != 0 && fileBytes == 0) {
            keys.problem("keep-bytes", "needs a file-size: what is being written counts too");
        } else if (keepBytes != 0 && keepBytes < KeepLimit.leastBytes(1, mostFileBytes())) {
            keys.problem(
                    "keep-bytes",
                    "must be at least three times the file-size (" + mostFileBytes() + " bytes"
                            + (index ? " with the index" : "") + "), or 0 for no limit");
        }
    }
}
