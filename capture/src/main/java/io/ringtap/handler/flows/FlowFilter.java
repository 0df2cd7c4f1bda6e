package io.ringtap.handler.flows;

import io.ringtap.frame.Tunnel;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which flows, by an expression in words of pcap-filter(7), judged by what a record holds: {@code host ADDRESS}, {@code net
 * ADDRESS/BITS}, {@code port NUMBER}, {@code portrange FIRST-LAST}, each with {@code src} or {@code dst} before it for one side of the
 * record; {@code vlan [ID]}; {@code tunnel [KIND] [ID]}, or {@code tunnel host} or {@code net} for what is outside of it; {@code ip}, {@code ip6}, or a protocol, such as {@code tcp} or {@code proto 89}; joined by {@code and},
 * {@code or}, {@code not} and brackets.
 */
@FunctionalInterface
public interface FlowFilter {
    /** Returns whether a flow is one of those. */
    boolean passes(FlowEntry flow);

    /** Reads an expression; blank: every flow. @throws IllegalArgumentException saying what is wrong with it */
    static FlowFilter parse(String text) {
        return text.isBlank() ? _ -> true : new Parser(text).whole();
    }

    /** Reads one expression, from left to right. */
    final class Parser {
        private static final Pattern TOKEN = Pattern.compile("[()!]|&&|\\|\\||[^\\s()!&|]+");
        private static final Pattern NUMBER = Pattern.compile("[0-9]{1,10}");
        private static final int DEEPEST = 100;

        private final String text;
        private final Deque<String> tokens = new ArrayDeque<>();
        private int depth;

        private Parser(String text) {
            this.text = text;
            Matcher m = TOKEN.matcher(text);
            while (m.find()) {
                tokens.add(m.group());
            }
        }

        private FlowFilter whole() {
            FlowFilter filter = any();
            if (!tokens.isEmpty()) {
                throw problem("what is " + tokens.peek() + " after a whole expression?");
            }
            return filter;
        }

        private IllegalArgumentException problem(String what) {
            return new IllegalArgumentException("filter \"" + text + "\": " + what);
        }

        private FlowFilter any() {
            FlowFilter filter = all();
            while (skip("or", "||")) {
                FlowFilter left = filter;
                FlowFilter right = all();
                filter = flow -> left.passes(flow) || right.passes(flow);
            }
            return filter;
        }

        private FlowFilter all() {
            FlowFilter filter = one();
            while (skip("and", "&&")) {
                filter = both(filter, one());
            }
            return filter;
        }

        private static FlowFilter both(FlowFilter left, FlowFilter right) {
            return flow -> left.passes(flow) && right.passes(flow);
        }

        private boolean skip(String... words) {
            for (String word : words) {
                if (word.equals(tokens.peek())) {
                    tokens.remove();
                    return true;
                }
            }
            return false;
        }

        private FlowFilter one() {
            if (++depth > DEEPEST) {
                throw problem("has more than " + DEEPEST + " brackets and words");
            }
            if (skip("not", "!")) {
                FlowFilter inner = one();
                return flow -> !inner.passes(flow);
            }
            if (skip("(")) {
                FlowFilter inner = any();
                if (!skip(")")) {
                    throw problem("a bracket is not closed");
                }
                return inner;
            }
            return primitive(next("an expression"));
        }

        private String next(String what) {
            String token = tokens.poll();
            if (token == null) {
                throw problem("ends where " + what + " should be");
            }
            return token;
        }

        private FlowFilter primitive(String word) {
            return switch (word) {
                case "src" -> side(next("host, net or port"), true, false);
                case "dst" -> side(next("host, net or port"), false, true);
                case "host", "net", "port", "portrange" -> side(word, true, true);
                case "vlan" -> vlan();
                case "tunnel" -> tunnel();
                case "ip" -> FlowEntry::isIpv4;
                case "ip6" -> flow -> flow.isIp() && !flow.isIpv4();
                default -> protocol(word.equals("proto") ? next("a protocol") : word);
            };
        }

        private FlowFilter protocol(String name) {
            Optional<Integer> known = FlowText.PROTOCOLS.entrySet().stream()
                    .filter(entry -> entry.getValue().equals(name.equals("icmp6") ? "ipv6-icmp" : name))
                    .map(Map.Entry::getKey)
                    .findFirst();
            if (known.isEmpty() && !NUMBER.matcher(name).matches()) {
                throw problem("what is " + name
                        + "? It knows host, net, port, portrange, src, dst, vlan, tunnel, ip, ip6, proto, and"
                        + " protocols such as tcp");
            }
            int number = known.orElseGet(() -> (int) number(name, 255));
            FlowFilter filter = flow -> flow.isIp() && flow.protocol() == number;
            String after = tokens.peek();
            boolean goesOn = after != null && after.matches("src|dst|port|portrange"); // as in: tcp port 80
            return goesOn ? both(filter, one()) : filter;
        }

        private FlowFilter vlan() {
            String id = tokens.peek();
            if (id == null || !NUMBER.matcher(id).matches()) {
                return flow -> flow.vlan() != 0;
            }
            long vlan = number(tokens.remove(), 4_095);
            return flow -> flow.vlan() == vlan || flow.innerVlan() == vlan;
        }

        private FlowFilter tunnel() {
            String word = tokens.peek();
            if ("host".equals(word) || "net".equals(word)) {
                Network network = network(next(""), next("an address"));
                return flow -> network.hasOuter(flow, true) || network.hasOuter(flow, false);
            }
            Optional<Tunnel> kind = Arrays.stream(Tunnel.values())
                    .filter(tunnel -> tunnel.text().equals(word))
                    .findFirst();
            kind.ifPresent(_ -> tokens.remove());
            String id = tokens.peek();
            long wanted = id != null && id.matches("[0-9]+") ? number(tokens.remove(), 0xffff_ffffL) : -1;
            return flow -> flow.tunnel() != null
                    && (kind.isEmpty() || flow.tunnel() == kind.get())
                    && (wanted < 0 || flow.tunnelId() == wanted);
        }

        private FlowFilter side(String kind, boolean source, boolean destination) {
            Side side = switch (kind) {
                case "host", "net" -> network(kind, next("an address"))::has;
                case "port" -> {
                    long port = number(next("a port"), 65_535);
                    yield ports(port, port);
                }
                case "portrange" -> {
                    String[] ends = next("two ports").split("-", 2);
                    if (ends.length != 2) {
                        throw problem("portrange wants two ports, such as 8000-8080");
                    }
                    yield ports(number(ends[0], 65_535), number(ends[1], 65_535));
                }
                default -> throw problem("what is " + kind + "? host, net, port or portrange go there");
            };
            return flow -> (source && side.is(flow, true)) || (destination && side.is(flow, false));
        }

        private interface Side {
            boolean is(FlowEntry flow, boolean source);
        }

        private static Side ports(long first, long last) {
            return (flow, source) -> flow.hasPorts() && flow.port(source) >= first && flow.port(source) <= last;
        }

        private Network network(String kind, String text) {
            String[] parts = text.split("/", 2);
            boolean bitsFit = kind.equals("net");
            InetAddress address;
            try {
                address = InetAddress.ofLiteral(parts[0]);
            } catch (IllegalArgumentException _) {
                throw problem(parts[0] + " is no address" + (bitsFit ? ", as in net 10.0.0.0/8" : ""));
            }
            boolean ipv4 = address instanceof Inet4Address;
            int most = ipv4 ? 32 : 128;
            if (parts.length == 2 && !bitsFit) {
                throw problem(text + " is a network: net " + text);
            }
            int bits = parts.length == 2 ? (int) number(parts[1], most) : most;
            ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
            return new Network(
                    ipv4,
                    ipv4 ? 0 : bytes.getLong(),
                    ipv4 ? bytes.getInt() & 0xffff_ffffL : bytes.getLong(),
                    ipv4 ? 0 : mask(bits),
                    mask(ipv4 ? bits + 32 : bits - 64));
        }

        private record Network(boolean ipv4, long high, long low, long highMask, long lowMask) {
            private boolean has(FlowEntry flow, boolean source) {
                return flow.isIp() && flow.isIpv4() == ipv4 && has(flow.addressHigh(source), flow.addressLow(source));
            }

            private boolean hasOuter(FlowEntry flow, boolean source) {
                return (ipv4 ? flow.isOuterIpv4() : flow.isOuterIpv6())
                        && has(flow.outerHigh(source), flow.outerLow(source));
            }

            private boolean has(long addressHigh, long addressLow) {
                return ((addressHigh ^ high) & highMask) == 0 && ((addressLow ^ low) & lowMask) == 0;
            }
        }

        /** So many bits from the left. */
        private static long mask(int bits) {
            return bits <= 0 ? 0 : bits >= 64 ? -1 : -1L << (64 - bits);
        }

        private long number(String digits, long most) {
            long number = NUMBER.matcher(digits).matches() ? Long.parseLong(digits) : -1;
            if (number < 0 || number > most) {
                throw problem(digits + " is no number from 0 to " + most);
            }
            return number;
        }
    }
}
