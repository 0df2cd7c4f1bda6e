package io.ringtap.inject.template;

import io.ringtap.inject.mark.Mark;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.pcap4j.util.MacAddress;

/** Makes frames of a template. */
final class TemplateCompiler {
    private final FrameTemplate template;
    private final Layout layout;
    private final PacketAssembly assembly;

    private TemplateCompiler(FrameTemplate template, MacAddress own) {
        this.template = template;
        this.layout = template.layout();
        this.assembly = new PacketAssembly(new HeaderValues(template, own));
    }

    static CompiledTemplate compile(FrameTemplate template, MacAddress own) {
        TemplateCompiler compiler = new TemplateCompiler(template, own);
        List<Integer> lengths = template.lengths().bytes();
        List<Integer> wanted = lengths.isEmpty() ? List.of(template.contentBytes()) : lengths;
        boolean timed = template.mark().isPresent()
                || template.variations().stream().anyMatch(Variation.SendTime.class::isInstance);
        return new CompiledTemplate(
                wanted.stream().map(compiler::frame).toList(),
                template.lengths().round(),
                timed);
    }

    private CompiledFrame frame(int length) {
        byte[] image = assembly.bytes(length);
        List<Patch> patches = new ArrayList<>();
        template.variations().forEach(variation -> patches.addAll(patches(variation, image)));
        PayloadCheck check = template.mark()
                .map(mark -> mark(mark, image, patches))
                .filter(_ -> template.mark().get().check())
                .orElse(null);
        for (Patch patch : patches) {
            patch.put(ByteBuffer.wrap(image), 0, 0); // checksums add up what varies to zeros
        }
        Patch[] all = patches.toArray(Patch[]::new);
        Checksum[] checksums = ChecksumCoverage.checksums(template, image, all);
        CompiledFrame frame = new CompiledFrame(image, all, checksums, check);
        if (patches.isEmpty()) {
            frame.write(0, 0, ByteBuffer.wrap(image), 0); // the checksums
        }
        return frame;
    }

    private List<Patch> patches(Variation variation, byte[] image) {
        List<ValueSource> sources = ValueSource.of(variation);
        int bitStart = switch (variation.target()) {
            case Target.Named(Field field) -> layout.bitStart(field);
            case Target.Bytes(int offset, int _) -> offset * Byte.SIZE;
        };
        int bits = variation.target().bits() / sources.size();
        List<Patch> patches = new ArrayList<>();
        for (ValueSource source : sources) {
            patches.add(patch(source, bitStart + patches.size() * bits, bits, image));
        }
        return patches;
    }

    private static Patch patch(ValueSource source, int bitStart, int bits, byte[] image) {
        int offset = bitStart / Byte.SIZE;
        int end = (bitStart + bits + Byte.SIZE - 1) / Byte.SIZE;
        int shift = end * Byte.SIZE - bitStart - bits;
        long around = 0;
        for (int at = offset; at < end; at++) {
            around = around << Byte.SIZE | (image[at] & 0xff);
        }
        long within = (bits == Long.SIZE ? -1 : (1L << bits) - 1) << shift;
        return new Patch(offset, end - offset, source, bits, shift, around & ~within);
    }

    /** Puts in what is the same in every mark, and adds patches for what is not, that for the CRC last. */
    private PayloadCheck mark(Mark mark, byte[] image, List<Patch> patches) {
        int start = layout.headerBytes();
        int at = layout.has(Layer.UDP) ? image.length - Mark.BYTES : start;
        ByteBuffer.wrap(image, at, Mark.BYTES)
                .putInt(Mark.MAGIC)
                .put((byte) Mark.VERSION)
                .put((byte) (mark.check() ? Mark.CHECKED : 0))
                .putShort((short) (image.length - start))
                .putLong(0)
                .putLong(0)
                .putInt(mark.stream())
                .putInt(0);
        patches.add(whole(at + Mark.SEQUENCE_AT, Long.BYTES, new ValueSource.Ordinal(mark.first())));
        patches.add(whole(at + Mark.TIME_AT, Long.BYTES, new ValueSource.Time()));
        if (mark.check()) {
            patches.add(whole(at + Mark.CRC_AT, Integer.BYTES, new ValueSource.Table(new long[1])));
        }
        return new PayloadCheck(start, at + Mark.CRC_AT, image.length, new CRC32C());
    }

    private static Patch whole(int offset, int width, ValueSource source) {
        return new Patch(offset, width, source, width * Byte.SIZE, 0, 0);
    }
}
