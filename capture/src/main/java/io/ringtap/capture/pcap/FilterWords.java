package io.ringtap.capture.pcap;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The words of a filter expression, as libpcap's scanner takes it apart: the longest that there is at each place. */
public final class FilterWords {
    private static final String NUMBER = "(?:0[xX][0-9A-Fa-f]+|[0-9]+)";
    private static final String BYTE = "[0-9A-Fa-f]{1,2}";
    private static final String TWO_BYTES = "[0-9A-Fa-f]{4}";
    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9](?:[-_.A-Za-z0-9]*[.A-Za-z0-9])?");
    private static final Pattern ESCAPED = Pattern.compile("\\\\[^ !()\\n\\t]+");
    private static final Pattern IP4 = Pattern.compile(NUMBER + "(?:\\." + NUMBER + "){0,3}");
    private static final Pattern ETHER = Pattern.compile(BYTE + "(?:(?::" + BYTE + "){5}|(?:-" + BYTE + "){5}|(?:\\."
            + BYTE + "){5})|" + TWO_BYTES + "(?:(?:\\." + TWO_BYTES + "){2}|(?:" + TWO_BYTES + "){2})");
    private static final Pattern IP6_START = Pattern.compile("[0-9A-Fa-f:]{0,39}(?:[0-9.xX]{7,43})?");
    private static final Pattern IP6_TAIL = Pattern.compile(":" + NUMBER + "(?:\\." + NUMBER + "){3}$");
    private static final Pattern IP6_GROUPS = Pattern.compile("[0-9A-Fa-f]{1,4}(?::[0-9A-Fa-f]{1,4})*");
    private static final int MOST_GROUPS = 8;

    private final String text;
    private final List<Word> words = new ArrayList<>();

    /** The kinds of words that libpcap knows. */
    public enum Kind {
        /** A keyword, or a name. */
        WORD,
        /** A name, for the backslash before it. */
        ESCAPED,
        /** A number, or the address of a station, a host or a network. */
        ADDRESS,
        /** Any other character, or two that join. */
        SIGN
    }

    /** A word of an expression, from a place in its text to another. */
    public record Word(Kind kind, String text, int start, int end) {
        /** Returns whether it is this, and not a name that is spelled so. */
        public boolean is(String keyword) {
            return (kind == Kind.WORD || kind == Kind.SIGN) && text.equals(keyword);
        }

        /** Returns whether it is a number. */
        public boolean isNumber() {
            return kind == Kind.ADDRESS && text.matches(NUMBER);
        }
    }

    private FilterWords(String text) {
        this.text = text;
        int at = 0;
        while (at < text.length()) {
            if (Character.isWhitespace(text.charAt(at))) {
                at++;
            } else {
                Word word = wordAt(at);
                words.add(word);
                at = word.end();
            }
        }
    }

    /** Takes an expression apart. */
    public static List<Word> of(String text) {
        return new FilterWords(text).words;
    }

    private Word wordAt(int at) {
        int escaped = longest(ESCAPED, at);
        if (escaped > 0) {
            return new Word(Kind.ESCAPED, text.substring(at + 1, at + escaped), at, at + escaped);
        }
        int word = longest(WORD, at);
        int address = Math.max(Math.max(longest(IP4, at), longest(ETHER, at)), ip6(at));
        if (address > 0 && address >= word) {
            return new Word(Kind.ADDRESS, text.substring(at, at + address), at, at + address);
        }
        boolean isPair = text.startsWith("&&", at) || text.startsWith("||", at);
        int end = at + Math.max(isPair ? 2 : 1, word);
        return new Word(word > 0 ? Kind.WORD : Kind.SIGN, text.substring(at, end), at, end);
    }

    private int longest(Pattern pattern, int at) {
        Matcher matcher = pattern.matcher(text).region(at, text.length());
        return matcher.lookingAt() ? matcher.end() - at : 0;
    }

    private int ip6(int at) {
        for (int length = longest(IP6_START, at); length >= 2; length--) {
            if (isIp6(text.substring(at, at + length))) {
                return length;
            }
        }
        return 0;
    }

    /** Eight groups, or fewer with one gap; a dotted end stands for two. */
    private static boolean isIp6(String candidate) {
        String groups = IP6_TAIL.matcher(candidate).replaceFirst(":0:0");
        int gap = groups.indexOf("::");
        if (gap < 0) {
            return count(groups) == MOST_GROUPS;
        }
        int before = count(groups.substring(0, gap));
        int behind = count(groups.substring(gap + 2));
        return before >= 0 && behind >= 0 && before + behind < MOST_GROUPS;
    }

    /** Returns how many groups these are; negative if they are none. */
    private static int count(String groups) {
        if (groups.isEmpty()) {
            return 0;
        }
        return IP6_GROUPS.matcher(groups).matches() ? groups.split(":").length : -1;
    }
}
