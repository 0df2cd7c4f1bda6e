package io.ringtap.inject.template;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/** The bytes of a frame that each of its checksums covers. */
final class ChecksumCoverage {
    private final Layout layout;
    private final byte[] image;
    private final Patch[] patches;

    private ChecksumCoverage(Layout layout, byte[] image, Patch[] patches) {
        this.layout = layout;
        this.image = image;
        this.patches = patches;
    }

    /** The checksums that are not given; of the image, whose varying bytes are zeros. */
    static Checksum[] checksums(FrameTemplate template, byte[] image, Patch[] patches) {
        ChecksumCoverage coverage = new ChecksumCoverage(template.layout(), image, patches);
        List<Checksum> checksums = new ArrayList<>();
        for (Field field : Checksum.FIELDS) {
            if (template.layers().contains(field.layer()) && !template.fields().containsKey(field)) {
                checksums.add(field == Field.IPV4_CHECKSUM ? coverage.header() : coverage.transport(field));
            }
        }
        return checksums.toArray(Checksum[]::new);
    }

    private Checksum header() {
        int start = layout.start(Layer.IPV4);
        int end = start + Layer.IPV4.bytes();
        return checksum(Field.IPV4_CHECKSUM, 0, at -> at >= start && at < end);
    }

    /** With the pseudo-header of RFC 768 and RFC 8200, 8.1; that of ICMP for IPv4 has none. */
    private Checksum transport(Field field) {
        int start = layout.start(field.layer());
        IntPredicate own = at -> at >= start;
        if (field == Field.ICMP_CHECKSUM) {
            return checksum(field, 0, own);
        }
        boolean ipv6 = layout.has(Layer.IPV6);
        int from = byteStart(ipv6 ? Field.IPV6_SOURCE : Field.IPV4_SOURCE);
        int to = byteStart(ipv6 ? Field.IPV6_DESTINATION : Field.IPV4_DESTINATION) + (ipv6 ? 16 : 4);
        int protocolAt = byteStart(ipv6 ? Field.IPV6_NEXT_HEADER : Field.IPV4_PROTOCOL);
        // The protocol stands in an odd place in its pseudo-header; in the frame it does so with IPv4 only.
        int protocol = image[protocolAt] & 0xff;
        return checksum(field, protocol + image.length - start, at -> own.test(at) || (at >= from && at < to));
    }

    private Checksum checksum(Field field, long beside, IntPredicate covers) {
        int offset = byteStart(field);
        ByteBuffer.wrap(image).putShort(offset, (short) 0);
        long sum = beside;
        for (int at = 0; at < image.length; at++) {
            sum += covers.test(at) ? (image[at] & 0xffL) << ((at & 1) == 0 ? Byte.SIZE : 0) : 0;
        }
        long[] masks = new long[patches.length];
        for (int p = 0; p < patches.length; p++) {
            masks[p] = mask(patches[p], covers);
        }
        return new Checksum(offset, sum, masks, field == Field.UDP_CHECKSUM);
    }

    private static long mask(Patch patch, IntPredicate covers) {
        long mask = 0;
        for (int i = 0; i < patch.width(); i++) {
            mask = mask << Byte.SIZE | (covers.test(patch.offset() + i) ? 0xff : 0);
        }
        return mask;
    }

    private int byteStart(Field field) {
        return layout.bitStart(field) / Byte.SIZE;
    }
}
