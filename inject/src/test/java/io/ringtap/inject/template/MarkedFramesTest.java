package io.ringtap.inject.template;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.frame.Frame;
import io.ringtap.inject.mark.Mark;
import io.ringtap.inject.mark.MarkReader;
import io.ringtap.inject.mark.MarkReader.Result;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is marked here is known again: by the reader, and by Wireshark with the dissector. */
class MarkedFramesTest {
    private static final long WRAP = 1L << 32;
    private static final String DISSECTOR = "lua_script:wireshark/ringtap.lua";

    private final MarkReader reader = new MarkReader();

    @TempDir
    Path folder;

    @Test
    void shouldReadBackTheMarkOfEveryShape() {
        int marked = 0;
        for (Map.Entry<String, Templates> shape : Templates.shapes().entrySet()) {
            CompiledTemplate template = shape.getValue().compile();
            boolean has = shape.getValue().build().mark().isPresent();
            for (long index : new long[] {0, 1, WRAP - 1, WRAP, Long.MAX_VALUE - 1}) {
                Result result = reader.read(frame(template.bytes(index, 1_234_567_890_123_456_789L)));
                assertEquals(has ? Result.WHOLE : Result.NONE, result, shape.getKey());
                if (has) {
                    Mark mark = shape.getValue().build().mark().get();
                    assertEquals(mark.first() + index, reader.sequence());
                    assertEquals(mark.stream(), reader.stream());
                    assertEquals(1_234_567_890_123_456_789L, reader.timeNanos());
                    marked++;
                }
            }
        }
        assertEquals(8 * 5, marked);
    }

    @Test
    void shouldCountOnBeyondTwoToTheThirtySecond() {
        Variation narrow = new Variation.Sequence(new Target.Named(Field.IPV4_IDENTIFICATION), 0xfffa);
        Variation counter = new Variation.Counter(
                new Target.Named(Field.UDP_SOURCE_PORT), FieldValue.of(1000), FieldValue.of(1009), 1);
        CompiledTemplate template = Templates.ipv4()
                .udp()
                .mark(1, WRAP - 10)
                .vary(narrow)
                .vary(counter)
                .compile();
        for (int i = 0; i < 20; i++) {
            Frame frame = frame(template.bytes(i));
            assertEquals(Result.WHOLE, reader.read(frame));
            assertEquals(4_294_967_286L + i, reader.sequence());
            assertEquals(0xfffa + i & 0xffff, frame.unsignedShortAt(18));
            assertEquals(1000 + i % 10, frame.unsignedShortAt(34));
        }
        CompiledTemplate fromZero =
                Templates.ipv4().udp().mark(1, 0).vary(counter).compile();
        assertEquals(Result.WHOLE, reader.read(frame(fromZero.bytes(WRAP + 9))));
        assertEquals(4_294_967_305L, reader.sequence());
        assertEquals(1000 + 4_294_967_305L % 10, frame(fromZero.bytes(WRAP + 9)).unsignedShortAt(34));
    }

    @Test
    void shouldSeeEveryDamagedByteOfThePayloadAndNoneOfAHeader() {
        byte[] whole =
                Templates.ipv4().udp().text("some bytes").mark(5, 77).compile().bytes(0);
        int seen = 0;
        for (int at = 0; at < whole.length; at++) {
            byte[] damaged = whole.clone();
            damaged[at] ^= 0x10;
            Result result = reader.read(frame(damaged));
            boolean isMagicOrVersion = at >= whole.length - 32 && at < whole.length - 27;
            boolean isFlags = at == whole.length - 27;
            if (at >= 42 && !isMagicOrVersion && !isFlags) {
                assertEquals(Result.DAMAGED, result, "byte " + at);
                seen++;
            } else if (at == 22 || at < 12) { // the TTL, the addresses: routers change them
                assertEquals(Result.WHOLE, result, "byte " + at);
            }
        }
        assertEquals(10 + 32 - 6, seen);
    }

    @Test
    void shouldTakePaddingForNoDamageAndWhatIsCutForUnknown() {
        byte[] whole = Templates.ethernet().mark(5, 77).compile().bytes(0);
        assertEquals(46, whole.length);
        assertEquals(Result.WHOLE, reader.read(frame(Arrays.copyOf(whole, 60))));
        byte[] longer =
                Templates.ethernet().mark(5, 77).text("0123456789").compile().bytes(0);
        assertEquals(Result.CUT, reader.read(Frame.of(Arrays.copyOf(longer, 50), longer.length, 0, "test")));
        assertEquals(77, reader.sequence());
        assertEquals(Result.DAMAGED, reader.read(frame(Arrays.copyOf(longer, 50))));
    }

    @Test
    void shouldNotCheckWhatWasSentWithoutACrc() {
        byte[] frame = Templates.ipv6()
                .udp()
                .text("bytes")
                .mark(new Mark(9, 3, false))
                .compile()
                .bytes(2);
        frame[62] ^= 1;
        assertEquals(Result.WHOLE, reader.read(frame(frame)));
        assertEquals(5, reader.sequence());
    }

    @Test
    void shouldBearAnyBytes() {
        Random random = new Random(7);
        List<byte[]> marked = List.of(
                Templates.ipv4().udp().mark(1, 0).compile().bytes(0),
                Templates.ipv6().udp().vlan(3).mark(1, 0).compile().bytes(0),
                Templates.ethernet().mark(1, 0).compile().bytes(0));
        int[] results = new int[Result.values().length];
        for (int i = 0; i < 100_000; i++) {
            byte[] bytes = marked.get(i % 3).clone();
            for (int n = random.nextInt(4); n >= 0; n--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            byte[] cut = random.nextBoolean() ? bytes : Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
            Result result = reader.read(Frame.of(cut, random.nextBoolean() ? bytes.length : cut.length, 0, "test"));
            results[List.of(Result.values()).indexOf(result)]++;
        }
        assertEquals(100_000, Arrays.stream(results).sum());
        assertTrue(results[List.of(Result.values()).indexOf(Result.NONE)] > 1000, Arrays.toString(results));
        assertTrue(results[List.of(Result.values()).indexOf(Result.DAMAGED)] > 1000, Arrays.toString(results));
    }

    @Test
    void shouldBeDissectedWithWhatIsWrongInTheStream() throws Exception {
        CompiledTemplate udp =
                Templates.ipv4().udp().text("x").mark(7, WRAP - 3).compile();
        CompiledTemplate ethernet = Templates.ethernet().vlan(9).mark(8, 0).compile();
        List<byte[]> frames = new ArrayList<>();
        for (int index : new int[] {0, 1, 2, 3, 6, 5, 3, 8, 9}) {
            frames.add(udp.bytes(index, 1_700_000_000_123_456_789L));
        }
        frames.add(ethernet.bytes(0));
        byte[] damaged = ethernet.bytes(1);
        damaged[30] ^= 1;
        frames.add(damaged);
        frames.add(ethernet.bytes(2));
        List<List<String>> rows = TsharkRun.fields(
                folder,
                frames,
                List.of("-2", "-X", DISSECTOR),
                "ringtap.stream",
                "ringtap.sequence",
                "ringtap.lost",
                "_ws.expert.message");
        String gap = " frames are missing before this one";
        assertEquals(
                List.of(
                        List.of("7", "4294967293", "", ""),
                        List.of("7", "4294967294", "", ""),
                        List.of("7", "4294967295", "", ""),
                        List.of("7", "4294967296", "", ""),
                        List.of("7", "4294967299", "2", "2" + gap),
                        List.of("7", "4294967298", "", "Reordered frame"),
                        List.of("7", "4294967296", "", "Duplicate frame"),
                        List.of("7", "4294967301", "1", "1" + gap),
                        List.of("7", "4294967302", "", ""),
                        List.of("8", "0", "", ""),
                        List.of("8", "16777217", "", "Damaged: the CRC is wrong"),
                        List.of("8", "2", "1", "1" + gap)),
                rows);
    }

    @Test
    void shouldLeaveEveryFrameThatIsNotMarkedToOtherDissectors() throws Exception {
        List<byte[]> frames = Templates.shapes().values().stream()
                .filter(shape -> shape.build().mark().isEmpty())
                .map(shape -> shape.compile().bytes(0))
                .toList();
        List<List<String>> with = TsharkRun.fields(folder, frames, List.of("-X", DISSECTOR), "frame.protocols");
        List<List<String>> without = TsharkRun.fields(folder, frames, List.of(), "frame.protocols");
        assertEquals(without, with);
    }

    private static Frame frame(byte[] bytes) {
        return Frame.of(bytes, bytes.length, 0, "test");
    }
}
