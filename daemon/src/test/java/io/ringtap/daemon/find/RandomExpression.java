package io.ringtap.daemon.find;

import java.util.List;
import java.util.Random;

/** Expressions of pcap-filter(7) about {@link RandomTraffic}: what an index can answer of, what it cannot, and all that joins them. */
final class RandomExpression {
    private final Random random;

    RandomExpression(long seed) {
        random = new Random(seed);
    }

    /** Behind {@code geneve}, libpcap's code for anything but an {@code and} reads memory that nobody has written. */
    String next() {
        if (random.nextInt(10) == 0) {
            return plain() + " and geneve" + one("", " " + number()) + one("", " and " + plain());
        }
        return expression(random.nextInt(4));
    }

    private String expression(int depth) {
        if (depth == 0) {
            return term();
        }
        String joined = expression(random.nextInt(depth))
                + one(" and ", " and ", " or ", " && ", " || ")
                + expression(random.nextInt(depth));
        return switch (random.nextInt(5)) {
            case 0 -> "(" + joined + ")";
            case 1 -> "not (" + joined + ")";
            default -> joined;
        };
    }

    private String one(String... several) {
        return several[random.nextInt(several.length)];
    }

    /** Of 60 that there are, and some that there are not. */
    private int number() {
        return random.nextInt(63);
    }

    private String host() {
        return random.nextInt(3) == 0 ? RandomTraffic.host6(number()) : RandomTraffic.host4(number());
    }

    private String port() {
        return Integer.toString(RandomTraffic.port(number()));
    }

    private String direction() {
        return one("", "", "src ", "dst ", "src or dst ", "src and dst ");
    }

    private String term() {
        String negation = random.nextInt(8) == 0 ? one("not ", "! ") : "";
        return negation + plain();
    }

    private String plain() {
        return switch (random.nextInt(21)) {
            case 0, 1, 2 -> direction() + "host " + host();
            case 3 -> "host " + host() + one(" or ", " and ") + host();
            case 4, 5 -> one("", "tcp ", "udp ", "sctp ") + direction() + "port " + port();
            case 6 -> "port (" + port() + " or " + port() + ")";
            case 7 -> one("", "udp ") + direction() + "portrange " + port() + "-" + RandomTraffic.port(number() + 20);
            case 8 -> direction() + "net " + net();
            case 9 -> one("tcp", "udp", "sctp", "icmp", "icmp6", "igmp", "ip", "ip6", "arp", "rarp", "esp");
            case 10 -> one("ip proto ", "ip6 proto ", "proto ") + one("6", "17", "132", "\\tcp", "\\udp", "44", "47");
            case 11, 12 -> "vlan" + one("", " " + number());
            case 13 -> "mpls" + one("", " " + number());
            case 14 -> one("pppoes", "pppoes " + number(), "pppoed");
            case 15 -> "ether " + one("host ", "src ", "dst ") + String.format("02:00:00:00:00:%02x", number());
            case 16 -> "ether proto " + one("0x0800", "\\ip6", "\\arp", "0x8847", "34525");
            case 17 -> one("len > 90", "less 80", "greater 100", "tcp[13] & 2 != 0", "ip[8] > 10", "ether[0] & 1 = 0");
            case 18 -> one("(ip[6:2] & 0x1fff) != 0", "ip6[6] = 17 or ip[9] = 17", "udp[2:2] = " + port());
            case 19 -> one("ip host ", "ip6 host ", "arp host ", "src ", "dst ") + host();
            default -> one("multicast", "ip multicast", "broadcast", "ip broadcast", "ip6 multicast");
        };
    }

    private String net() {
        int number = number();
        String bits = List.of("/8", "/12", "/16", "/20", "/24", "/28", "/32").get(random.nextInt(7));
        return switch (random.nextInt(4)) {
            case 0 -> "10." + number % 3;
            case 1 -> "2001:db8:" + number % 4 + "::" + one("/32", "/40", "/48", "/50");
            case 2 -> "10." + number % 3 + "." + number % 5 + ".0/24";
            default -> {
                int kept = Integer.parseInt(bits.substring(1));
                int address = 10 << 24 | number % 3 << 16 | number % 5 << 8 | number;
                int net = address & (-1 << (32 - kept));
                yield (net >>> 24) + "." + (net >> 16 & 255) + "." + (net >> 8 & 255) + "." + (net & 255) + bits;
            }
        };
    }
}
