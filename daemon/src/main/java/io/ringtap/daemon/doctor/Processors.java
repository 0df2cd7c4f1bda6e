package io.ringtap.daemon.doctor;

import java.util.BitSet;
import java.util.stream.Collectors;

/** Lists of processors as the kernel writes them. */
final class Processors {
    private Processors() {}

    /** Returns those of a list such as {@code 0-3,8}; none if it is not one. */
    static BitSet ofList(String list) {
        BitSet processors = new BitSet();
        if (list.matches("\\d{1,4}(-\\d{1,4})?(,\\d{1,4}(-\\d{1,4})?)*")) {
            for (String part : list.split(",", -1)) {
                int dash = part.indexOf('-');
                int first = Integer.parseInt(dash < 0 ? part : part.substring(0, dash));
                processors.set(first, Math.max(first, Integer.parseInt(part.substring(dash + 1))) + 1);
            }
        }
        return processors;
    }

    /** Returns those of a mask such as {@code 00000000,0000000c}; none if it is not one. */
    static BitSet ofMask(String mask) {
        BitSet processors = new BitSet();
        String digits = mask.replace(",", "");
        for (int i = 0; i < digits.length(); i++) {
            int four = Math.max(0, Character.digit(digits.charAt(digits.length() - 1 - i), 16));
            for (int bit = 0; bit < 4; bit++) {
                processors.set(4 * i + bit, (four >> bit & 1) != 0);
            }
        }
        return processors;
    }

    /** Returns a list as the kernel takes it. */
    static String list(BitSet processors) {
        return processors.stream().mapToObj(String::valueOf).collect(Collectors.joining(","));
    }
}
