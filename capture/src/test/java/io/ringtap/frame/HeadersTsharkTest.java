package io.ringtap.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capturefile.FrameBytes;
import io.ringtap.capturefile.PcapWriter;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every level of a frame is said to hold against what tshark, which shares no code with this, says of it. */
class HeadersTsharkTest {
    private static final int FRAMES = 6_000;
    private static final long START = 1_700_000_000_000_000_000L;

    @TempDir
    private Path folder;

    @Test
    void shouldFindEveryFieldThatTsharkFinds() throws IOException {
        TunnelledFrames frames = new TunnelledFrames(22);
        PcapWriter file = new PcapWriter(ByteOrder.LITTLE_ENDIAN, true);
        List<Map<String, List<String>>> ours = new ArrayList<>();
        List<String> bytes = new ArrayList<>();
        for (int i = 0; i < FRAMES; i++) {
            byte[] frame = frames.frame(i % 4);
            file.frame(START + i, frame);
            ours.add(fields(frame, frame.length));
            bytes.add(HexFormat.of().formatHex(frame));
        }
        Path path = Files.write(folder.resolve("tunnels.pcap"), file.bytes());
        List<Map<String, List<String>>> theirs = TsharkFields.byTshark(path);
        assertEquals(FRAMES, theirs.size());
        List<String> wrong = IntStream.range(0, FRAMES)
                .filter(i -> !ours.get(i).equals(theirs.get(i)))
                .mapToObj(i -> "\nframe  " + bytes.get(i) + "\nours   " + ours.get(i) + "\ntheirs " + theirs.get(i))
                .toList();
        assertEquals(List.of(), wrong.stream().limit(5).toList(), () -> wrong.size() + " of " + FRAMES + " frames");
    }

    private static Map<String, List<String>> fields(byte[] frame, int original) {
        return TsharkFields.of(Frame.of(frame, original, START, "test"));
    }

    /** tshark tells the fields of a header that is cut one by one; here a header counts from when its fixed part is there. */
    @Test
    void shouldSayOfACutFrameNothingButWhatItSaysOfTheWhole() {
        TunnelledFrames frames = new TunnelledFrames(23);
        for (int i = 0; i < FRAMES / 10; i++) {
            byte[] whole = frames.frame(i % 4);
            Map<String, List<String>> all = fields(whole, whole.length);
            for (int length = 0; length < whole.length; length++) {
                byte[] cut = FrameBytes.cut(whole, length);
                Map<String, List<String>> some = fields(cut, whole.length);
                assertTrue(isBeginning(some, all), () -> HexFormat.of().formatHex(cut) + "\n" + some + "\n" + all);
            }
        }
    }

    private static boolean isBeginning(Map<String, List<String>> some, Map<String, List<String>> all) {
        return some.entrySet().stream().allMatch(field -> {
            List<String> values = all.getOrDefault(field.getKey(), List.of());
            int count = field.getValue().size();
            return count <= values.size() && field.getValue().equals(values.subList(0, count));
        });
    }
}
