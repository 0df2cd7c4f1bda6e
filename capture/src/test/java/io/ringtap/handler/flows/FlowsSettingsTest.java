package io.ringtap.handler.flows;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlowsSettingsTest {
    @TempDir
    private Path folder;

    /** The service's sandbox hides the first of them. */
    @Test
    void shouldTakeTheMachinesNameFromTheFirstFileThatCanBeRead() throws IOException {
        Path absent = folder.resolve("absent");
        Path empty = Files.writeString(folder.resolve("empty"), "\n");
        Path name = Files.writeString(folder.resolve("name"), "vm-17\n");
        Path other = Files.writeString(folder.resolve("other"), "vm-18\n");
        assertEquals("vm-17", FlowsSettings.machine(absent, empty, name, other));
        assertEquals("vm-18", FlowsSettings.machine(other, name));
        assertEquals("localhost", FlowsSettings.machine(absent, empty));
    }
}
