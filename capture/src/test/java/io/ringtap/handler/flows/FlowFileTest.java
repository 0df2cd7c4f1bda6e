package io.ringtap.handler.flows;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringtap.frame.FileMode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlowFileTest {
    @TempDir
    private Path folder;

    private static String mode(Path file) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    /** No umask that anyone has lets the group and the others write. */
    @Test
    void shouldGiveTheFileItsModeWhereItMakesIt() throws Exception {
        Path path = folder.resolve("flows.jsonl");
        FlowFile file = new FlowFile(path, new FileMode(PosixFilePermissions.fromString("rw-rw-rw-")));
        file.make();
        assertEquals("rw-rw-rw-", mode(path));
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
        file.append(ByteBuffer.wrap("{}\n".getBytes(StandardCharsets.UTF_8)));
        assertEquals("rw-------", mode(path));
        Files.move(path, folder.resolve("older"));
        file.append(ByteBuffer.wrap("{}\n".getBytes(StandardCharsets.UTF_8)));
        assertEquals("rw-rw-rw-", mode(path));
        assertEquals("{}\n", Files.readString(path));
    }
}
