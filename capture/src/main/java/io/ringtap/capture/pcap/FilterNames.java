package io.ringtap.capture.pcap;

import io.ringtap.capture.pcap.FilterWords.Kind;
import io.ringtap.capture.pcap.FilterWords.Word;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Finds what libpcap would ask a resolver for: names of hosts and networks, which can take as long as they like and mean
 * something else tomorrow. Names of ports and protocols stand in files, those of {@code ether host} in ethers(5).
 */
final class FilterNames {
    private static final Set<String> LINK = Set.of("link", "ether", "ppp", "slip", "fddi", "tr", "wlan");
    private static final Set<String> DIRECTIONS = Set.of(
            "src",
            "dst",
            "addr1",
            "addr2",
            "addr3",
            "addr4",
            "address1",
            "address2",
            "address3",
            "address4",
            "ra",
            "ta");
    private static final Set<String> FROM_FILES = Set.of("port", "portrange", "proto", "protochain");
    private static final Set<String> JOINS = Set.of("and", "or", "&&", "||");
    private static final Set<String> KEEPING = Set.of("not", "!", "/", "mask");

    private final Predicate<String> isKeyword;
    private final Deque<Scope> outer = new ArrayDeque<>();
    private Scope scope = Scope.NONE;
    private boolean isLink; // whether that is of a station
    private String before = "";
    private String beforeThat = "";

    /** The meaning that a name would have, by the keywords before it. */
    private enum Scope {
        NONE(""),
        FILES(""),
        HOST("host name"),
        NETWORK("network name"),
        GATEWAY("host name");

        private final String role;

        Scope(String role) {
            this.role = role;
        }
    }

    private FilterNames(Predicate<String> isKeyword) {
        this.isKeyword = isKeyword;
    }

    /**
     * Says what would be looked up, and what to write in its place; empty if nothing would.
     *
     * @param isKeyword says whether libpcap takes a word for one of its own
     */
    static Optional<String> problem(List<Word> words, Predicate<String> isKeyword) {
        FilterNames names = new FilterNames(isKeyword);
        for (Word word : words) {
            if (names.isLookedUp(word)) {
                return Optional.of(names.problem(word.text()));
            }
            names.beforeThat = names.before;
            names.before = word.kind() == Kind.ESCAPED ? "" : word.text();
        }
        return Optional.empty();
    }

    private String problem(String name) {
        return scope.role + " \"" + name + "\" is not looked up; write "
                + (scope == Scope.GATEWAY
                        ? "\"ether host\" with the gateway's MAC address, \"and not host\" with its IP address"
                        : "the address");
    }

    private boolean isLookedUp(Word word) {
        if (word.kind() == Kind.SIGN) {
            sign(word.text());
        }
        boolean isName = word.kind() == Kind.ESCAPED || (word.kind() == Kind.WORD && !sets(word.text()));
        if (!isName || scope == Scope.NONE || scope == Scope.FILES) {
            return false;
        }
        if (word.kind() == Kind.WORD && isKeyword.test(word.text())) {
            scope = Scope.NONE;
            return false;
        }
        return true;
    }

    private void sign(String sign) {
        if (sign.equals("(")) {
            outer.push(scope);
        } else if (sign.equals(")")) {
            scope = outer.isEmpty() ? Scope.NONE : outer.pop();
        } else if (!JOINS.contains(sign) && !KEEPING.contains(sign)) {
            scope = Scope.NONE; // arithmetic
        }
    }

    /** Returns whether a word says what a name behind it is, or joins two terms; sets that. */
    private boolean sets(String word) {
        if (LINK.contains(word)) {
            scope = Scope.NONE;
        } else if (DIRECTIONS.contains(word) || word.equals("host")) {
            isLink = LINK.contains(before) || (isLink && isSameTerm(word));
            scope = isLink ? Scope.FILES : Scope.HOST;
        } else if (FROM_FILES.contains(word)) {
            scope = Scope.FILES;
        } else if (word.equals("net")) {
            scope = Scope.NETWORK;
        } else if (word.equals("gateway")) {
            scope = Scope.GATEWAY;
        } else {
            return JOINS.contains(word) || KEEPING.contains(word);
        }
        return true;
    }

    /** {@code src host} and {@code src or dst} are one. */
    private boolean isSameTerm(String word) {
        return DIRECTIONS.contains(before)
                || (DIRECTIONS.contains(word) && JOINS.contains(before) && DIRECTIONS.contains(beforeThat));
    }
}
