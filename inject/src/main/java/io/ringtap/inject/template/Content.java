package io.ringtap.inject.template;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;

/** The content of a frame behind its headers, or in place of them. */
public sealed interface Content {
    /** The largest MTU that an interface has on Linux: the loopback's. */
    int MAX_BYTES = 65_536;

    /** Nothing. */
    Payload NONE = new Payload("");

    /** The bytes. */
    byte[] bytes();

    /**
     * Bytes behind the headers.
     *
     * @param hex two hexadecimal digits a byte, in lower case, with nothing between
     */
    record Payload(String hex) implements Content {
        @Override
        public byte[] bytes() {
            return HexFormat.of().parseHex(hex);
        }
    }

    /**
     * The whole frame from its destination address on; it gets no lengths or checksums.
     *
     * @param hex as for a payload; at least an Ethernet header
     */
    record RawFrame(String hex) implements Content {
        @Override
        public byte[] bytes() {
            return HexFormat.of().parseHex(hex);
        }
    }

    /**
     * A link-layer discovery announcement (IEEE 802.1AB), with its end.
     *
     * @param chassisId what names this machine: a hardware address, or any text
     * @param portId what names the port
     * @param ttlSeconds how long receivers keep it, 0 to 65,535
     * @param portDescription, systemName, systemDescription texts, where given; all of them 1 to 255 bytes
     */
    record Lldp(
            String chassisId,
            String portId,
            int ttlSeconds,
            Optional<String> portDescription,
            Optional<String> systemName,
            Optional<String> systemDescription)
            implements Content {
        /** The longest text that a unit has room for. */
        public static final int MAX_TEXT_BYTES = 255;

        @Override
        public byte[] bytes() {
            return LldpUnit.bytes(this);
        }
    }

    /** A payload of bytes. */
    static Payload payload(byte[] bytes) {
        return new Payload(HexFormat.of().formatHex(bytes));
    }

    /** A payload of text, as UTF-8. */
    static Payload payloadText(String text) {
        return payload(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The bytes of hexadecimal digits, two a byte, with or without white space, a colon or a hyphen between bytes, and
     * with 0x before any that has white space, or nothing, before it.
     *
     * @throws IllegalArgumentException whose message reads on after the name of a key
     */
    static byte[] parseHex(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length() / 2);
        int at = 0;
        while (at < text.length()) {
            int separator = separator(text, at);
            if (separator > 0) {
                at += separator;
                continue;
            }
            bytes.write(digit(text, at) << 4 | digit(text, at + 1));
            at += 2;
        }
        return bytes.toByteArray();
    }

    /** Returns how long what stands between bytes is, at a place where a byte may begin; 0 if one does. */
    private static int separator(String text, int at) {
        char c = text.charAt(at);
        boolean first = at == 0 || Character.isWhitespace(text.charAt(at - 1));
        if (Character.isWhitespace(c)) {
            return 1;
        }
        if (c == ':' || c == '-') {
            boolean between =
                    !first && at + 1 < text.length() && isDigit(text.charAt(at - 1)) && isDigit(text.charAt(at + 1));
            return between ? 1 : 0;
        }
        boolean prefix = first && text.regionMatches(true, at, "0x", 0, 2);
        return prefix && at + 2 < text.length() && isDigit(text.charAt(at + 2)) ? 2 : 0;
    }

    private static boolean isDigit(char c) {
        return c < 0x80 && Character.digit(c, 16) >= 0;
    }

    private static int digit(String text, int at) {
        if (at == text.length()) {
            throw new IllegalArgumentException("ends in half a byte: two hexadecimal digits make one");
        }
        char c = text.charAt(at);
        int value = Character.digit(c, 16);
        if (!isDigit(c)) {
            String what = Character.isWhitespace(c)
                    ? "white space inside a byte"
                    : c > 0x20 && c < 0x7f ? "'" + c + "'" : "U+%04X".formatted((int) c);
            throw new IllegalArgumentException("has " + what + " at character " + (at + 1)
                    + ": must be hexadecimal digits, two a byte, such as \"01 02 0a\"");
        }
        return value;
    }
}
