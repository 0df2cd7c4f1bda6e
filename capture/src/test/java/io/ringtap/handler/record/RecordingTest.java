package io.ringtap.handler.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.ringtap.testkit.TestContext;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordingTest {
    @TempDir
    private Path folder;

    @Test
    void shouldGiveTheNamesBackWhateverItCannotBeOpenedFor() throws Exception {
        RecordTrial recorder = RecordTrial.in(folder);
        RecordSettings settings = RecordSettings.read(recorder.settings());
        TestContext context = recorder.context();
        RecordCounts counts = RecordCounts.of(context, settings);
        // In place of the Error that a lack of threads is.
        assertThrows(NullPointerException.class, () -> Recording.open(settings, null, counts, context));
        FileFormat format = new PcapFormat(RecordTrial.SNAPLEN);
        Recording second = Recording.open(settings, format, counts, context);
        second.stop();
        assertEquals(List.of(), recorder.folder().wholeNames());
    }
}
