package io.ringtap.inject.template;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.pcap4j.util.MacAddress;

/** The notation of a field's value. */
public enum FieldKind {
    NUMBER("a whole number"),
    FLAG("true or false"),
    MAC("an address such as \"aa:bb:cc:dd:ee:ff\""),
    IPV4_ADDRESS("an IPv4 address such as \"192.0.2.1\""),
    IPV6_ADDRESS("an IPv6 address such as \"2001:db8::1\""),
    ARP_OPERATION("\"request\", \"reply\" or a number", Map.of("request", 1L, "reply", 2L)),
    ICMP_TYPE("\"echo-request\", \"echo-reply\" or a number", Map.of("echo-request", 8L, "echo-reply", 0L)),
    ICMPV6_TYPE("\"echo-request\", \"echo-reply\" or a number", Map.of("echo-request", 128L, "echo-reply", 129L)),
    TCP_FLAGS(
            "a list such as [\"syn\", \"ack\"] of fin, syn, rst, psh, ack, urg, ece, cwr, or a number",
            Map.of("fin", 1L, "syn", 2L, "rst", 4L, "psh", 8L, "ack", 16L, "urg", 32L, "ece", 64L, "cwr", 128L));

    private static final Pattern MAC_ADDRESS =
            Pattern.compile("[0-9a-fA-F]{2}(?:([:-])[0-9a-fA-F]{2})(?:\\1[0-9a-fA-F]{2}){4}");

    private static final String IPV4 = "[0-9]{1,3}(\\.[0-9]{1,3}){3}";
    private static final String IPV6 = "[0-9a-fA-F:.]{2,45}";

    private final String wanted;

    @SuppressWarnings("ImmutableEnumChecker") // as Map.of makes them
    private final Map<String, Long> names;

    FieldKind(String wanted) {
        this(wanted, Map.of());
    }

    FieldKind(String wanted, Map<String, Long> names) {
        this.wanted = wanted;
        this.names = names;
    }

    /** Returns what a value must be, for "must be X, not Y". */
    public String wanted() {
        return wanted;
    }

    /** Returns whether a number can be given for it. */
    public boolean takesNumbers() {
        return this != FLAG && this != MAC && this != IPV4_ADDRESS && this != IPV6_ADDRESS;
    }

    /** The words that stand for numbers. */
    public List<String> names() {
        return names.keySet().stream().sorted(Comparator.comparing(names::get)).toList();
    }

    /** Returns what every address matches: a regular expression of ECMA 262; empty for what is no address. */
    public String pattern() {
        return switch (this) {
            case MAC -> "^" + MAC_ADDRESS + "$";
            case IPV4_ADDRESS -> "^" + IPV4 + "$";
            case IPV6_ADDRESS -> "^" + IPV6 + "$";
            default -> "";
        };
    }

    /** Returns a value, of an IP address none, as a configuration has it. */
    public String toml(FieldValue value) {
        Optional<String> word = names.entrySet().stream()
                .filter(name -> name.getValue() == value.low())
                .map(name -> '"' + name.getKey() + '"')
                .findFirst();
        return switch (this) {
            case FLAG -> Boolean.toString(value.low() != 0);
            case MAC -> '"' + value.toMac().toString() + '"';
            case TCP_FLAGS -> "[" + word.orElseThrow() + "]";
            default -> word.orElse(Long.toString(value.low()));
        };
    }

    /** The value that a text stands for. @throws IllegalArgumentException without a message if it stands for none */
    FieldValue parse(String text) {
        return switch (this) {
            case MAC -> FieldValue.of(mac(text));
            // Not by ofLiteral of InetAddress, which takes "1", and "::1" with the name of an interface.
            case IPV4_ADDRESS -> FieldValue.of(Inet4Address.ofLiteral(only(text, IPV4)));
            case IPV6_ADDRESS -> ipv6(only(text, IPV6));
            default -> {
                Long value = names.get(text);
                if (value == null) {
                    throw new IllegalArgumentException();
                }
                yield FieldValue.of(value);
            }
        };
    }

    private static FieldValue ipv6(String text) {
        // Java makes an IPv4 address of ::ffff:192.0.2.1; put back what it took away.
        return Inet6Address.ofLiteral(text) instanceof Inet6Address address
                ? FieldValue.of(address)
                : mapped(FieldValue.of(Inet4Address.ofLiteral(text.substring(text.lastIndexOf(':') + 1))));
    }

    private static FieldValue mapped(FieldValue ipv4) {
        return FieldValue.of(0xffff_0000_0000L | ipv4.low());
    }

    private static MacAddress mac(String text) {
        if (!MAC_ADDRESS.matcher(text).matches()) {
            throw new IllegalArgumentException();
        }
        return MacAddress.getByName(text);
    }

    private static String only(String text, String pattern) {
        if (!text.matches(pattern)) {
            throw new IllegalArgumentException();
        }
        return text;
    }
}
