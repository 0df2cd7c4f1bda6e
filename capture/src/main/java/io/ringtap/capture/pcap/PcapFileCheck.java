package io.ringtap.capture.pcap;

import io.ringtap.capture.OpenException;
import io.ringtap.capture.OpenException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;

/** Finds what keeps a file from being read, before libpcap does: its texts leave the cure to be guessed. */
final class PcapFileCheck {
    private static final byte[] ZSTD = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd};

    private PcapFileCheck() {}

    static void check(Path path) throws OpenException {
        try {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            if (attributes.isDirectory()) {
                throw bad(path, "it is a folder; name a pcap or pcapng file");
            }
            if (!attributes.isRegularFile()) {
                throw bad(path, "it is a pipe or a device; write its content to a file first");
            }
            try (InputStream file = Files.newInputStream(path)) {
                check(path, file.readNBytes(4));
            }
        } catch (NoSuchFileException e) {
            throw bad(
                    path,
                    path.toString().equals("-")
                            ? "standard input is not read; write it to a file first"
                            : "there is no such file; check the path");
        } catch (AccessDeniedException e) {
            throw new OpenException(
                    Reason.NOT_PERMITTED,
                    line(path, "permission denied; let this user read the file and search the folders it is in"));
        } catch (IOException e) {
            throw new OpenException(Reason.OTHER, line(path, e.getMessage()));
        }
    }

    private static void check(Path path, byte[] start) throws OpenException {
        if (start.length == 0) {
            throw bad(path, "it is empty, without so much as a file header; check what wrote it");
        }
        boolean gzip = start.length >= 2 && (start[0] & 0xff) == 0x1f && (start[1] & 0xff) == 0x8b;
        if (gzip) {
            throw bad(path, "it is compressed with gzip; unpack it first, with gunzip");
        }
        if (Arrays.equals(start, ZSTD)) {
            throw bad(path, "it is compressed with zstd; unpack it first, with unzstd");
        }
    }

    static OpenException bad(Path path, String what) {
        return new OpenException(Reason.BAD_FILE, line(path, what));
    }

    static String line(Path path, String what) {
        return "cannot read capture file " + path + ": " + what;
    }
}
