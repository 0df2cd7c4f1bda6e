package io.ringtap.daemon.find;

import io.ringtap.frame.Frame;
import java.nio.ByteBuffer;
import java.util.Random;

/**
 * Frames of all kinds that pcap-filter(7) tells apart, many of them with something wrong, of few addresses and ports at a time: so that
 * expressions find some, and not everywhere.
 */
final class RandomTraffic {
    /** 2023-11-14T22:13:20Z. */
    static final long START_NANOS = 1_700_000_000_000_000_000L;

    /** Frames of one choice of addresses and ports. */
    static final int CHAPTER = 2_000;

    private static final int[] TAGS = {0x8100, 0x88a8, 0x9100};
    private static final int[] PROTOCOLS = {6, 17, 132, 1, 58, 2, 44, 47, 50};
    private static final int SNAPLEN = 2_000;

    private final Random random;
    private final ByteBuffer out = ByteBuffer.allocate(4_000);
    private int chapter;
    private int frames;

    RandomTraffic(long seed) {
        random = new Random(seed);
    }

    static String host4(int number) {
        return "10." + number % 3 + "." + number % 5 + "." + number;
    }

    static String host6(int number) {
        return "2001:db8:" + number % 4 + ":" + number % 3 + "::" + Integer.toHexString(number);
    }

    static int port(int number) {
        return 1_000 + number;
    }

    /** Of 60 of a kind, each chapter has six. */
    private int one() {
        return chapter % 10 * 6 + random.nextInt(6);
    }

    Frame next() {
        chapter = frames / CHAPTER;
        out.clear();
        ethernet(0);
        out.put(new byte[random.nextInt(80)]);
        byte[] bytes = new byte[out.flip().remaining()];
        out.get(bytes);
        if (random.nextInt(8) == 0) {
            for (int i = random.nextInt(4); i >= 0; i--) {
                bytes[random.nextInt(Math.min(bytes.length, 70))] = (byte) random.nextInt();
            }
        }
        int original = bytes.length;
        if (random.nextInt(10) == 0) {
            bytes = java.util.Arrays.copyOf(bytes, 1 + random.nextInt(bytes.length));
        }
        long nanos = START_NANOS + frames++ * 1_000_000L;
        return Frame.of(bytes, Math.min(SNAPLEN, original), nanos, "uplink");
    }

    private void station() {
        out.putShort((short) 0x0200).putInt(one());
    }

    private void ethernet(int inside) {
        station();
        station();
        while (random.nextInt(4) == 0) {
            out.putShort((short) TAGS[random.nextInt(3)]).putShort((short) (random.nextInt(8) << 13 | one()));
        }
        switch (random.nextInt(12)) {
            case 0 -> arp(random.nextBoolean() ? 0x0806 : 0x8035);
            case 1 -> labels();
            case 2 -> pppoe();
            case 3 -> out.putShort((short) random.nextInt()).putLong(random.nextLong());
            case 4, 5, 6 -> {
                out.putShort((short) 0x86dd);
                ip6(inside);
            }
            default -> {
                out.putShort((short) 0x0800);
                ip4(inside);
            }
        }
    }

    private void arp(int type) {
        out.putShort((short) type)
                .putShort((short) 1)
                .putShort((short) 0x0800)
                .put((byte) 6)
                .put((byte) 4);
        out.putShort((short) 1);
        station();
        address4();
        station();
        address4();
    }

    private void address4() {
        int number = one();
        out.put((byte) 10).put((byte) (number % 3)).put((byte) (number % 5)).put((byte) number);
    }

    private void address6() {
        int number = one();
        out.putInt(0x20010db8).putShort((short) (number % 4)).putShort((short) (number % 3));
        out.putInt(0).putInt(number);
    }

    private void labels() {
        out.putShort((short) (random.nextInt(5) == 0 ? 0x8848 : 0x8847));
        int more = random.nextInt(3);
        for (int i = more; i >= 0; i--) {
            out.putInt(one() << 12 | (i == 0 ? 0x100 : 0) | 64);
        }
        if (random.nextBoolean()) {
            ip4(1);
        } else {
            ip6(1);
        }
    }

    private void pppoe() {
        out.putShort((short) (random.nextInt(5) == 0 ? 0x8863 : 0x8864)).putShort((short) 0x1100);
        out.putShort((short) one()).putShort((short) 40);
        if (random.nextBoolean()) {
            out.putShort((short) 0x0021);
            ip4(1);
        } else {
            out.putShort((short) 0x0057);
            ip6(1);
        }
    }

    private void ip4(int inside) {
        int words = random.nextInt(6) == 0 ? 5 + random.nextInt(4) : 5;
        int protocol = PROTOCOLS[random.nextInt(random.nextBoolean() ? 2 : PROTOCOLS.length)];
        int fragment = random.nextInt(8) == 0 ? random.nextInt(3) : 0;
        out.put((byte) (0x40 | words))
                .put((byte) 0)
                .putShort((short) (words * 4 + 30))
                .putShort((short) 7);
        out.putShort((short) fragment).put((byte) 64).put((byte) protocol).putShort((short) 0);
        address4();
        address4();
        out.put(new byte[words * 4 - 20]);
        transport(protocol, inside);
    }

    private void ip6(int inside) {
        int protocol = PROTOCOLS[random.nextInt(random.nextBoolean() ? 2 : PROTOCOLS.length)];
        out.putInt(0x60000000).putShort((short) 30).put((byte) protocol).put((byte) 64);
        address6();
        address6();
        if (protocol == 44) {
            int next = PROTOCOLS[random.nextInt(2)];
            out.put((byte) next).put((byte) 0).putShort((short) 0).putInt(9);
            transport(next, inside);
        } else {
            transport(protocol, inside);
        }
    }

    private void transport(int protocol, int inside) {
        boolean carries = protocol == 17 && inside == 0 && random.nextInt(3) == 0;
        if (!carries) {
            out.putShort((short) port(one())).putShort((short) port(one()));
            out.putLong(random.nextLong()).putLong(0);
            return;
        }
        boolean geneve = random.nextBoolean();
        out.putShort((short) port(one()))
                .putShort((short) (geneve ? 6081 : 4789))
                .putInt(0);
        if (!geneve) {
            out.putInt(0x08000000).putInt(one() << 8);
            ethernet(1);
            return;
        }
        int options = random.nextInt(3);
        boolean bare = random.nextInt(4) == 0;
        out.put((byte) options)
                .put((byte) 0)
                .putShort((short) (bare ? 0x0800 : 0x6558))
                .putInt(one() << 8);
        out.put(new byte[options * 4]);
        if (bare) {
            ip4(1);
        } else {
            ethernet(1);
        }
    }
}
