package io.ringtap.inject.xdp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringtap.inject.mark.Mark;
import io.ringtap.inject.send.InjectResult;
import io.ringtap.inject.send.StreamSender;
import io.ringtap.inject.template.CompiledTemplate;
import io.ringtap.inject.template.Content;
import io.ringtap.inject.template.Field;
import io.ringtap.inject.template.FieldValue;
import io.ringtap.inject.template.FrameLengths;
import io.ringtap.inject.template.FrameTemplate;
import io.ringtap.inject.template.Layer;
import io.ringtap.inject.template.Target;
import io.ringtap.inject.template.Variation;
import io.ringtap.testnet.FarCapture;
import io.ringtap.testnet.VethPair;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pcap4j.util.MacAddress;

/** What the kernel's program makes of a template is what the template itself says: any template, any frame of it. */
@Tag("live")
class FrameProgramTest {
    private static final MacAddress OWN = MacAddress.getByName("02:00:5e:00:53:01");
    private static final int TEMPLATES = 40;
    private static final int FRAMES_EACH = 5;
    private static final int PAYLOAD = 42;

    @Test
    void shouldMakeTheFramesThatTheTemplateSays(@TempDir Path folder) throws Exception {
        Random random = new Random(5);
        try (VethPair _ = VethPair.open()) {
            if (XdpRights.areRefused()) {
                return;
            }
            VethPair.run("ethtool", "-K", VethPair.FAR, "gro", "on");
            List<CompiledTemplate> templates = new ArrayList<>();
            List<Integer> firsts = new ArrayList<>();
            List<byte[]> frames;
            try (FarCapture far = FarCapture.start(folder);
                    XdpInjector injector = XdpInjector.open(VethPair.NEAR)) {
                for (int i = 0; i < TEMPLATES; i++) {
                    CompiledTemplate template = template(random).compile(OWN);
                    StreamSender sender = injector.sender(template, System::nanoTime);
                    int first = i == 0 ? 0 : random.nextInt(Integer.MAX_VALUE);
                    sender.skip(first);
                    send(sender);
                    templates.add(template);
                    firsts.add(first);
                }
                frames = far.frames(TEMPLATES * FRAMES_EACH);
            }
            assertEquals(TEMPLATES * FRAMES_EACH, frames.size());
            for (int i = 0; i < frames.size(); i++) {
                int template = i / FRAMES_EACH;
                byte[] frame = frames.get(i);
                byte[] expected = templates
                        .get(template)
                        .bytes(firsts.get(template) + i % FRAMES_EACH, timeOf(templates.get(template), frame));
                assertEquals(hex(expected), hex(frame), "template " + template);
            }
        }
    }

    /** RFC 768: a UDP checksum of 0 says that there is none, which IPv6 does not allow. */
    @Test
    void shouldWriteAUdpChecksumOfZeroAsAllOnes(@TempDir Path folder) throws Exception {
        List<CompiledTemplate> templates = List.of(numbered(Layer.IPV4, 42), numbered(Layer.IPV6, 62));
        List<Integer> checksumsAt = List.of(40, 60);
        try (VethPair _ = VethPair.open()) {
            if (XdpRights.areRefused()) {
                return;
            }
            VethPair.run("ethtool", "-K", VethPair.FAR, "gro", "on");
            List<byte[]> expected = new ArrayList<>();
            List<byte[]> frames;
            try (FarCapture far = FarCapture.start(folder);
                    XdpInjector injector = XdpInjector.open(VethPair.NEAR)) {
                for (int i = 0; i < templates.size(); i++) {
                    CompiledTemplate template = templates.get(i);
                    int allOnes = allOnes(template, checksumsAt.get(i));
                    StreamSender sender = injector.sender(template, System::nanoTime);
                    sender.skip(allOnes);
                    send(sender);
                    for (int n = 0; n < FRAMES_EACH; n++) {
                        expected.add(template.bytes(allOnes + n));
                    }
                }
                frames = far.frames(expected.size());
            }
            assertEquals(
                    expected.stream().map(FrameProgramTest::hex).toList(),
                    frames.stream().map(FrameProgramTest::hex).toList());
        }
    }

    /** UDP, whose payload is the frame's number in two bytes: of one in 65,536 the checksum comes out as 0. */
    private static CompiledTemplate numbered(Layer network, int payloadAt) {
        Map<Field, FieldValue> fields = new EnumMap<>(Field.class);
        fields.put(Field.DESTINATION, FieldValue.of(OWN));
        if (network == Layer.IPV4) {
            fields.put(Field.IPV4_SOURCE, Field.IPV4_SOURCE.text("192.0.2.1"));
            fields.put(Field.IPV4_DESTINATION, Field.IPV4_DESTINATION.text("192.0.2.2"));
        } else {
            fields.put(Field.IPV6_SOURCE, Field.IPV6_SOURCE.text("2001:db8::1"));
            fields.put(Field.IPV6_DESTINATION, Field.IPV6_DESTINATION.text("2001:db8::2"));
        }
        fields.put(Field.UDP_SOURCE_PORT, FieldValue.of(5000));
        fields.put(Field.UDP_DESTINATION_PORT, FieldValue.of(5001));
        return new FrameTemplate(
                        EnumSet.of(Layer.ETHERNET, network, Layer.UDP),
                        fields,
                        Content.NONE,
                        FrameLengths.of(payloadAt + 18),
                        List.of(new Variation.Sequence(new Target.Bytes(payloadAt, 2), 0)),
                        Optional.empty())
                .compile(OWN);
    }

    private static int allOnes(CompiledTemplate template, int checksumAt) {
        List<Integer> found = IntStream.range(0, 0x10000)
                .filter(n -> ByteBuffer.wrap(template.bytes(n)).getShort(checksumAt) == -1)
                .boxed()
                .toList();
        assertEquals(1, found.size(), "frames whose checksum is all ones");
        return found.getFirst();
    }

    private static void send(StreamSender sender) {
        int[] sent = {0};
        sender.send(FRAMES_EACH, new StreamSender.Outcomes() {
            @Override
            public void sent(int frames) {
                sent[0] += frames;
            }

            @Override
            public void failed(InjectResult why, int frames, String detail) {
                throw new AssertionError(why + " " + detail);
            }
        });
        assertEquals(FRAMES_EACH, sent[0]);
    }

    /** A frame that tells its time has it in its mark, at its end. */
    private static long timeOf(CompiledTemplate template, byte[] frame) {
        return template.isTimed() ? ByteBuffer.wrap(frame).getLong(frame.length - Mark.BYTES + Mark.TIME_AT) : 0;
    }

    private static FrameTemplate template(Random random) {
        Map<Field, FieldValue> fields = new EnumMap<>(Field.class);
        fields.put(Field.DESTINATION, FieldValue.of(OWN));
        fields.put(Field.IPV4_SOURCE, FieldValue.of(random.nextLong() & 0xffff_ffffL));
        fields.put(Field.IPV4_DESTINATION, FieldValue.of(0xc0000202L));
        fields.put(Field.UDP_SOURCE_PORT, FieldValue.of(5000));
        fields.put(Field.UDP_DESTINATION_PORT, FieldValue.of(5001));
        List<Variation> variations = new ArrayList<>();
        variations.add(variation(random, new Target.Named(Field.IPV4_SOURCE)));
        variations.add(variation(random, new Target.Named(Field.IPV4_DSCP)));
        int at = PAYLOAD + random.nextInt(3);
        for (int width = 1 + random.nextInt(8); at + width <= PAYLOAD + 40; width = 1 + random.nextInt(8)) {
            variations.add(variation(random, new Target.Bytes(at, width)));
            at += width + random.nextInt(10);
        }
        FrameLengths lengths = random.nextBoolean()
                ? FrameLengths.of(140 + random.nextInt(20))
                : new FrameLengths(List.of(140 + random.nextInt(20), 1000, 120 + random.nextInt(9)), List.of(1, 2, 2));
        Optional<Mark> mark = random.nextBoolean()
                ? Optional.of(new Mark(1, random.nextLong() >>> 1, random.nextBoolean()))
                : Optional.empty();
        return new FrameTemplate(
                EnumSet.of(Layer.ETHERNET, Layer.IPV4, Layer.UDP), fields, Content.NONE, lengths, variations, mark);
    }

    private static Variation variation(Random random, Target target) {
        long most = target.bits() == Long.SIZE ? -1 : (1L << target.bits()) - 1;
        FieldValue none = FieldValue.of(0);
        return switch (random.nextInt(4)) {
            case 0 -> new Variation.Counter(target, none, FieldValue.of(most), 1 + random.nextInt(3));
            case 1 -> new Variation.Random(target, none, FieldValue.of(most), random.nextLong());
            case 2 ->
                new Variation.Values(
                        target, List.of(FieldValue.of(most), none, FieldValue.of(most & 0x5a5a_5a5a_5a5a_5a5aL)));
            default -> new Variation.Sequence(target, random.nextLong() >>> 1);
        };
    }

    private static String hex(byte[] frame) {
        return HexFormat.of().formatHex(frame);
    }
}
