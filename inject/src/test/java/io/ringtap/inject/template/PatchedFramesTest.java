package io.ringtap.inject.template;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.ringtap.capture.InvalidConfigException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Frames that are patched are what they would be if they were made anew. */
class PatchedFramesTest {
    private static final int CASES = 1_000;
    private static final List<Field> FIELDS = List.of(Field.values());

    @Test
    void shouldKeepEveryChecksumRightWhateverVaries() {
        Random random = new Random(1);
        List<String> names = List.copyOf(Templates.shapes().keySet());
        int compared = 0;
        int patched = 0;
        for (int n = 0; n < CASES; n++) {
            String name = names.get(random.nextInt(names.size()));
            byte[] headers = Templates.shapes().get(name).compile().bytes(0);
            CompiledTemplate template = varied(Templates.shapes().get(name), random);
            patched += template.frames().getFirst().isConstant() ? 0 : 1;
            long index = random.nextLong() >>> (1 + random.nextInt(62));
            for (int i = 0; i < 3; i++) {
                byte[] frame = template.bytes(index + i, random.nextLong());
                if (!name.equals("ipv4-udp-no-checksum")) {
                    assertEquals("", FullChecksum.fault(frame, headers), name + " " + index);
                }
                compared++;
            }
        }
        assertEquals(3 * CASES, compared);
        assertTrue(patched > CASES / 2, patched + " of " + CASES + " varied");
    }

    /** With a few variations at random: those that do not fit are left out. */
    private static CompiledTemplate varied(Templates shape, Random random) {
        CompiledTemplate compiled = shape.compile();
        Templates template = shape;
        for (int i = random.nextInt(5); i >= 0; i--) {
            Variation variation = variation(random, compiled.longestBytes());
            try {
                compiled = template.vary(variation).compile();
            } catch (InvalidConfigException _) {
                template.withoutLast();
            }
        }
        return compiled;
    }

    private static Variation variation(Random random, int length) {
        Target target = random.nextBoolean()
                ? new Target.Named(FIELDS.get(random.nextInt(FIELDS.size())))
                : new Target.Bytes(12 + random.nextInt(Math.max(1, length - 12)), 1 + random.nextInt(8));
        FieldValue most = FieldValue.of(target.bits() >= 64 ? -1 : (1L << target.bits()) - 1);
        FieldValue none = FieldValue.of(0);
        return switch (random.nextInt(5)) {
            case 0 -> new Variation.Counter(target, none, most, 1 + random.nextInt(1000));
            case 1 -> new Variation.Random(target, none, most, random.nextLong());
            case 2 -> new Variation.Values(target, List.of(most, none, most, none));
            case 3 -> new Variation.Sequence(target, random.nextInt(100));
            default -> new Variation.SendTime(target);
        };
    }

    @Test
    void shouldWriteAUdpChecksumOfZeroAsAllOnes() {
        for (Templates shape :
                List.of(Templates.ipv4().udp(), Templates.ipv6().udp().vlan(9))) {
            int headers = shape.compile().longestBytes();
            CompiledTemplate template = shape.text("\0\0")
                    .vary(new Variation.Sequence(new Target.Bytes(headers, 2), 0))
                    .compile();
            int allOnes = 0;
            for (int i = 0; i < 0x10000; i++) {
                byte[] frame = template.bytes(i);
                int checksum = ByteBuffer.wrap(frame).getShort(headers - 2) & 0xffff;
                assertNotEquals(0, checksum);
                assertEquals("", FullChecksum.fault(frame));
                allOnes += checksum == 0xffff ? 1 : 0;
            }
            assertEquals(1, allOnes); // of 65,536 payloads one would have given 0, and none gives all ones by itself
        }
    }

    @Test
    void shouldLeaveAChecksumThatIsGivenAsItIs() {
        Variation payload = new Variation.Sequence(new Target.Bytes(42, 4), 0);
        CompiledTemplate template = Templates.ipv4()
                .udp()
                .text("0123")
                .with(Field.UDP_CHECKSUM, 0xbad)
                .with(Field.IPV4_CHECKSUM, 0xf00d)
                .vary(payload)
                .compile();
        for (int i = 0; i < 3; i++) {
            ByteBuffer frame = ByteBuffer.wrap(template.bytes(i));
            assertEquals(0xbad, frame.getShort(40));
            assertEquals((short) 0xf00d, frame.getShort(24));
            assertEquals(i, frame.getInt(42));
        }
    }

    @Test
    void shouldPatchInPlaceWhatItWouldWriteAnew() {
        CompiledTemplate template = mixed();
        StreamFrames frames = new StreamFrames(template, () -> 1_700_000_000_123_456_789L);
        for (int i = 0; i < 500; i++) {
            frames.advance();
            byte[] bytes = new byte[frames.length()];
            frames.memory().get(frames.offset(), bytes);
            assertArrayEquals(template.bytes(i, 1_700_000_000_123_456_789L), bytes);
            assertTrue(frames.memory().isDirect());
        }
    }

    private static CompiledTemplate mixed() {
        return Templates.ipv4()
                .udp()
                .mark(7, 0)
                .lengths(new FrameLengths(List.of(80, 590, 1514), List.of(7, 4, 1)))
                .vary(new Variation.Counter(
                        new Target.Named(Field.IPV4_SOURCE), FieldValue.of(0x0a000001), FieldValue.of(0x0a0000ff), 3))
                .vary(new Variation.Random(
                        new Target.Named(Field.UDP_SOURCE_PORT), FieldValue.of(1024), FieldValue.of(65535), 42))
                .vary(new Variation.Values(
                        new Target.Named(Field.IPV4_DSCP), List.of(FieldValue.of(46), FieldValue.of(0))))
                .vary(new Variation.Sequence(new Target.Named(Field.IPV4_IDENTIFICATION), 0))
                .compile();
    }

    @Test
    void shouldMakeNoGarbageForAFrame() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        StreamFrames frames = new StreamFrames(mixed(), System::nanoTime);
        run(frames, 20_000);
        long before = threads.getCurrentThreadAllocatedBytes();
        run(frames, 100_000);
        long between = threads.getCurrentThreadAllocatedBytes();
        run(frames, 400_000);
        long byMore = (threads.getCurrentThreadAllocatedBytes() - between) - (between - before);
        assertTrue(byMore < 300_000 / 8, "300,000 frames more made " + byMore + " bytes of garbage");
    }

    private static void run(StreamFrames frames, int count) {
        for (int i = 0; i < count; i++) {
            frames.advance();
        }
    }

    @Test
    void shouldSpreadTheLengthsOfAMixByTheirWeights() {
        CompiledTemplate template =
                Templates.ipv4().udp().lengths(FrameLengths.IMIX).compile();
        int[] counts = new int[3];
        int[] first = new int[12];
        for (int i = 0; i < 1200; i++) {
            counts[template.place(i)]++;
            first[i % 12] = template.bytes(i).length;
        }
        assertArrayEquals(new int[] {700, 400, 100}, counts);
        assertArrayEquals(
                new int[] {60, 590, 60, 60, 590, 60, 1514, 60, 590, 60, 590, 60}, first, Arrays.toString(first));
    }
}
