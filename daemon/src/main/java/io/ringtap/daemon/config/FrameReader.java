package io.ringtap.daemon.config;

import io.ringtap.capture.InvalidConfigException;
import io.ringtap.inject.template.FrameTemplate;
import java.util.Optional;
import java.util.regex.Pattern;
import org.pcap4j.util.MacAddress;

/** Reads {@code [inject.frame]} tables. */
final class FrameReader {
    /** IEEE 802 Local Experimental Ethertype 1: free for private use, so no receiver takes it for something else. */
    private static final int DEFAULT_ETHER_TYPE = 0x88b5;

    /** Below this the field is a length: IEEE 802.3, 3.2.6. */
    private static final int MIN_ETHER_TYPE = 0x0600;

    private static final int MAX_ETHER_TYPE = 0xffff;

    /** No Linux interface has a larger MTU than loopback's 65,536; what the one at hand takes shows when it is sent. */
    private static final int MAX_PAYLOAD_BYTES = 65_536;

    private static final Pattern ADDRESS =
            Pattern.compile("[0-9a-fA-F]{2}(?:([:-])[0-9a-fA-F]{2})(?:\\1[0-9a-fA-F]{2}){4}");
    private static final Pattern BYTES = Pattern.compile("\\s*(?:[0-9a-fA-F]{2}\\s*)*+");

    private FrameReader() {}

    /** The frame, absent if it cannot be. */
    static Optional<FrameTemplate> read(Section section) {
        Optional<MacAddress> destination = section.parsed("destination", FrameReader::address);
        if (!section.has("destination")) {
            section.problem("destination", "needs a value: the address to send to");
        }
        Optional<MacAddress> source = section.parsed("source", FrameReader::ownAddress);
        int etherType = etherType(section);
        Optional<String> payload = section.parsed("payload", FrameReader::payload);
        if (destination.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new FrameTemplate(destination.get(), source, etherType, payload.orElse("")));
        } catch (InvalidConfigException e) {
            e.problems().forEach(problem -> section.problem(problem.key(), problem.message()));
            return Optional.empty();
        }
    }

    private static int etherType(Section section) {
        long given = section.number("ethertype", Long.MIN_VALUE, Long.MAX_VALUE).orElse((long) DEFAULT_ETHER_TYPE);
        if (given < MIN_ETHER_TYPE || given > MAX_ETHER_TYPE) {
            section.problem("ethertype", String.format("must be from 0x0600 to 0xffff, not %#x", given));
            return DEFAULT_ETHER_TYPE;
        }
        return (int) given;
    }

    private static MacAddress address(String text) {
        if (!ADDRESS.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "must be an address such as \"aa:bb:cc:dd:ee:ff\", not " + Quoted.of(text));
        }
        return MacAddress.getByName(text);
    }

    private static MacAddress ownAddress(String text) {
        MacAddress address = address(text);
        if ((address.getAddress()[0] & 1) != 0) {
            throw new IllegalArgumentException("must be the address of one station, not a group's: " + Quoted.of(text));
        }
        return address;
    }

    private static String payload(String text) {
        if (!BYTES.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "must be hexadecimal digits, two a byte, such as \"01 02 0a\", not " + Quoted.of(text));
        }
        long bytes = text.chars().filter(c -> !Character.isWhitespace(c)).count() / 2;
        if (bytes > MAX_PAYLOAD_BYTES) {
            throw new IllegalArgumentException(
                    "must be at most " + MAX_PAYLOAD_BYTES + " bytes, the most that any link carries, not " + bytes);
        }
        return text;
    }
}
