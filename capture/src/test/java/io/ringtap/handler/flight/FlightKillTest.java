package io.ringtap.handler.flight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capturefile.RecordedFolder;
import io.ringtap.testnet.VethPair;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every dump that can be seen is whole, whenever the process is killed; and what the killed one left is recovered. */
@Tag("slow")
class FlightKillTest {
    private static final int KILLS = 20;

    @TempDir
    private Path path;

    private Process start(long frames) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledFlight.class.getName(),
                        path.toString(),
                        Long.toString(frames))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertEquals("flying", process.inputReader().readLine());
        return process;
    }

    /** It takes as long as so many JVMs take to start. */
    @Test
    void shouldShowOnlyWholeFilesWheneverItIsKilled() throws Exception {
        RecordedFolder folder = new RecordedFolder(path);
        Random random = new Random(1);
        int left = 0;
        for (int run = 0; run < KILLS; run++) {
            int before = folder.parts().size() + folder.whole().size();
            Process process = start(Long.MAX_VALUE);
            VethPair.await(() -> folder.parts().size() + folder.whole().size() > before);
            Thread.sleep(random.nextInt(40));
            process.destroyForcibly();
            process.waitFor();
            left += folder.parts().size();
        }
        assertTrue(left > 0, "dumps that kills cut off");
        Process last = start(1_000);
        assertEquals(0, last.waitFor());
        assertEquals(List.of(), folder.parts());
        assertTrue(folder.whole().size() >= KILLS, () -> folder.wholeNames().toString());
        List<Long> counts = folder.capinfosCounts(); // which fails on what is not whole
        for (int i = 0; i < counts.size(); i++) {
            List<Long> numbers = FlightTrial.numbers(folder.whole().get(i));
            assertEquals(counts.get(i), numbers.size());
            assertEquals(FlightTrial.range(numbers.getFirst(), numbers.getFirst() + numbers.size()), numbers);
        }
    }
}
