package io.ringtap.daemon.find;

import io.ringtap.capture.pcap.FilterWords.Kind;
import io.ringtap.capture.pcap.FilterWords.Word;
import io.ringtap.handler.record.index.IndexKey;
import io.ringtap.handler.record.index.IndexQuery;
import java.net.Inet6Address;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What stands before a number or an address in a term: {@code tcp dst port}.
 *
 * @param protocol {@code tcp}; empty for none
 * @param kind {@code port}; empty for none, which is a host
 * @param words how many these are; 0: none
 * @param takesId whether something is to follow: not behind a protocol alone
 */
record TermHead(String protocol, String kind, int words, boolean takesId) {
    private static final IndexQuery ANY = new IndexQuery.Any();
    private static final int IP4 = 0x0800;
    private static final int IP6 = 0x86dd;
    private static final int LEAST_ETHERTYPE = 0x0600;
    private static final Map<String, Integer> TYPES = Map.of(
            "ip", IP4, "ip6", IP6, "arp", 0x0806, "rarp", 0x8035, "pppoed", 0x8863, "mpls", 0x8847, "pppoes", 0x8864);
    private static final Map<String, Integer> PROTOCOLS = Map.of(
            "tcp", 6, "udp", 17, "sctp", 132, "icmp", 1, "icmp6", 58, "igmp", 2, "ah", 51, "esp", 50, "pim", 103,
            "vrrp", 112);
    private static final Set<String> LEADS = Set.of("ether", "ip", "ip6", "arp", "rarp", "tcp", "udp", "sctp");
    private static final Set<String> PORTED = Set.of("", "tcp", "udp", "sctp");
    private static final Set<String> DIRECTIONS = Set.of("src", "dst");
    private static final Set<String> KINDS = Set.of("host", "net", "port", "portrange", "proto");
    private static final int MOST_PORTS = 256;

    private static final Pattern OCTETS = Pattern.compile("(?:0|[1-9]\\d{0,2})(?:\\.(?:0|[1-9]\\d{0,2})){0,3}");
    private static final Pattern STATION = Pattern.compile("[0-9A-Fa-f]{1,2}(?::[0-9A-Fa-f]{1,2}){5}");
    private static final Pattern RANGE = Pattern.compile("(\\d{1,5})-(\\d{1,5})");

    /** Reads what is at a place. */
    static TermHead read(List<Word> words, int at) {
        int next = at;
        String protocol = "";
        if (is(words, next, LEADS)) {
            protocol = words.get(next++).text();
        }
        boolean directed = is(words, next, DIRECTIONS);
        if (directed) {
            next += is(words, next + 1, Set.of("or", "and", "||", "&&")) && is(words, next + 2, DIRECTIONS) ? 3 : 1;
        }
        String kind = "";
        if (is(words, next, KINDS)) {
            kind = words.get(next++).text();
        }
        boolean takesId = directed || !kind.isEmpty();
        return new TermHead(protocol, kind, takesId ? next - at : 0, takesId);
    }

    private static boolean is(List<Word> words, int at, Set<String> several) {
        return at < words.size()
                && words.get(at).kind() != Kind.ESCAPED
                && several.contains(words.get(at).text());
    }

    /** What a word alone asks for. */
    static IndexQuery keyword(String word) {
        if (TYPES.containsKey(word)) {
            return new IndexQuery.Key(IndexKey.type(TYPES.get(word)));
        }
        return PROTOCOLS.containsKey(word) ? new IndexQuery.Key(IndexKey.protocol(PROTOCOLS.get(word))) : ANY;
    }

    /** UDP of a port. */
    static IndexQuery datagrams(int port) {
        return IndexQuery.both(keyword("udp"), new IndexQuery.Key(IndexKey.port(port)));
    }

    /** A number as libpcap reads it, up to 9 digits of ten; negative for what is none. */
    static int number(Word word) {
        String text = word.text();
        if (word.kind() == Kind.ADDRESS && text.matches("0|[1-9]\\d{0,8}")) {
            return Integer.parseInt(text);
        }
        return word.kind() == Kind.ADDRESS && text.matches("0x[0-9A-Fa-f]{1,7}") ? Integer.decode(text) : -1;
    }

    /** What is asked for with the words that follow. */
    IndexQuery query(List<Word> id) {
        if (id.isEmpty()) {
            return ANY;
        }
        IndexQuery asked = switch (kind) {
            case "port", "portrange" -> PORTED.contains(protocol) ? ports(id) : ANY;
            case "proto" -> protocol(id);
            default -> protocol.equals("ether") ? station(id) : network(id);
        };
        boolean isLead = !protocol.isEmpty() && !protocol.equals("ether");
        return isLead ? IndexQuery.both(keyword(protocol), asked) : asked;
    }

    private IndexQuery ports(List<Word> id) {
        if (id.size() != 1) {
            return ANY;
        }
        Matcher range = RANGE.matcher(id.getFirst().text());
        if (kind.equals("portrange") && range.matches()) {
            return ports(Integer.parseInt(range.group(1)), Integer.parseInt(range.group(2)));
        }
        int port = number(id.getFirst());
        return port < 0 ? ANY : new IndexQuery.Key(IndexKey.port(port));
    }

    private static IndexQuery ports(int a, int b) {
        int first = Math.min(a, b);
        int last = Math.max(a, b);
        if (last - first >= MOST_PORTS) {
            return ANY;
        }
        List<IndexQuery> several = new ArrayList<>();
        for (int port = first; port <= last; port++) {
            several.add(new IndexQuery.Key(IndexKey.port(port)));
        }
        return IndexQuery.either(several);
    }

    private IndexQuery protocol(List<Word> id) {
        if (id.size() != 1) {
            return ANY;
        }
        boolean isName = id.getFirst().kind() == Kind.ESCAPED;
        int number = number(id.getFirst());
        if (protocol.equals("ether")) {
            if (isName) {
                return Set.of("ip", "ip6", "arp", "rarp").contains(id.getFirst().text())
                        ? keyword(id.getFirst().text())
                        : ANY;
            }
            return number >= LEAST_ETHERTYPE ? new IndexQuery.Key(IndexKey.type(number)) : ANY;
        }
        if (!Set.of("", "ip", "ip6").contains(protocol)) {
            return ANY;
        }
        if (isName) {
            return Set.of("tcp", "udp", "icmp").contains(id.getFirst().text())
                    ? keyword(id.getFirst().text())
                    : ANY;
        }
        return number < 0 || number > 255 ? ANY : new IndexQuery.Key(IndexKey.protocol(number));
    }

    private static IndexQuery station(List<Word> id) {
        String text = id.getFirst().text();
        if (id.size() != 1 || !STATION.matcher(text).matches()) {
            return ANY;
        }
        long mac = 0;
        for (String part : text.split(":", -1)) {
            mac = mac << 8 | Integer.parseInt(part, 16);
        }
        return new IndexQuery.Key(IndexKey.station(mac));
    }

    /** An address, or the beginning of one: {@code 192.0.2.0/24}, {@code 10.1}, {@code 2001:db8::/32}. */
    private IndexQuery network(List<Word> id) {
        if (!Set.of("", "ip", "ip6", "arp", "rarp").contains(protocol)) {
            return ANY;
        }
        boolean hasLength = id.size() == 3 && id.get(1).is("/");
        if (id.getFirst().kind() != Kind.ADDRESS || (id.size() != 1 && !hasLength)) {
            return ANY;
        }
        int length = hasLength ? number(id.get(2)) : Integer.MAX_VALUE;
        String text = id.getFirst().text();
        if (length < 0) {
            return ANY;
        }
        return text.contains(":") ? network6(text, length) : network4(text, length);
    }

    private IndexQuery network4(String text, int length) {
        if (!OCTETS.matcher(text).matches()) {
            return ANY;
        }
        String[] octets = text.split("\\.", -1);
        boolean isShort = octets.length < 4;
        boolean hasLength = length != Integer.MAX_VALUE;
        boolean isPromoted = kind.equals("net") && !hasLength; // its leading zeros are left out
        if ((isShort && !hasLength && !kind.equals("net")) || (isPromoted && octets[0].equals("0"))) {
            return ANY;
        }
        int address = 0;
        for (int i = 0; i < 4; i++) {
            int octet = i < octets.length ? Integer.parseInt(octets[i]) : 0;
            if (octet > 255) {
                return ANY;
            }
            address = address << 8 | octet;
        }
        int bits = hasLength ? length : 8 * octets.length;
        if (bits >= 32) {
            return new IndexQuery.Key(IndexKey.host4(address));
        }
        return bits < 8 ? ANY : new IndexQuery.Key(IndexKey.net4(address, bits & ~7));
    }

    private static IndexQuery network6(String text, int length) {
        byte[] address;
        try {
            address = Inet6Address.ofLiteral(text).getAddress();
        } catch (IllegalArgumentException e) { // libpcap knows it
            return ANY;
        }
        if (address.length != 16) {
            return ANY;
        }
        ByteBuffer bytes = ByteBuffer.wrap(address);
        long high = bytes.getLong();
        if (length >= 128) {
            return new IndexQuery.Key(IndexKey.host6(high, bytes.getLong()));
        }
        int bits = length >= 64 ? 64 : length >= 48 ? 48 : 32;
        return length < 32 ? ANY : new IndexQuery.Key(IndexKey.net6(high, bits));
    }
}
