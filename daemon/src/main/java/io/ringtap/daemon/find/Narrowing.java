package io.ringtap.daemon.find;

import io.ringtap.capture.pcap.FilterWords;
import io.ringtap.capture.pcap.FilterWords.Kind;
import io.ringtap.capture.pcap.FilterWords.Word;
import io.ringtap.handler.record.index.IndexKey;
import io.ringtap.handler.record.index.IndexQuery;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What of an expression of pcap-filter(7) an index can answer. libpcap has said before that the expression is one. Each of its terms
 * becomes a query that no frame is missing from for which the term holds; a term that is not known here, any frame. {@code and} and
 * {@code or} bind equally, from left to right.
 *
 * <p>{@code vlan}, {@code mpls}, {@code pppoes} and {@code geneve} have all terms behind them look further on in the frame, whether they hold
 * or not. An index has what is further on where they hold; so what is behind them narrows only where they must.
 */
final class Narrowing {
    private static final IndexQuery ANY = new IndexQuery.Any();
    private static final Set<String> AND = Set.of("and", "&&");
    private static final Set<String> OR = Set.of("or", "||");
    private static final Set<String> NOT = Set.of("not", "!");
    private static final Set<String> SHIFTS = Set.of("vlan", "mpls", "pppoes", "geneve", "vxlan");
    private static final String VLAN = "vlan";
    private static final Set<String> VIRTUAL = Set.of("geneve", "vxlan");

    private final List<Word> words;
    private int at;

    /** The terms so far that have those behind them look further on. */
    private int shifts;

    /** The last of them that was not {@code vlan}; empty for none. */
    private String shift = "";

    /** Whether they come in an order that is not known here. */
    private boolean mixed;

    /** What a number or an address would be by the term before it; null: not known. */
    private TermHead head;

    /**
     * A part of the expression.
     *
     * @param required of the terms that have others look further on, those that hold if the part does
     */
    private record Part(IndexQuery query, int required) {}

    private Narrowing(List<Word> words) {
        this.words = words;
        boolean tagged = words.stream().anyMatch(word -> word.is(VLAN));
        // libpcap's optimiser gets tags inside of those wrong (its issue 1670): no one knows what it asks for then
        mixed = tagged && words.stream().anyMatch(word -> word.kind() == Kind.WORD && VIRTUAL.contains(word.text()));
    }

    /** The query that an expression narrows to. */
    static IndexQuery of(String expression) {
        List<Word> words = FilterWords.of(expression);
        if (words.isEmpty()) {
            return ANY;
        }
        Narrowing narrowing = new Narrowing(words);
        IndexQuery query = narrowing.expression(0).query();
        return narrowing.at == words.size() ? query : ANY;
    }

    private boolean is(Set<String> several) {
        return at < words.size()
                && words.get(at).kind() != Kind.ESCAPED
                && several.contains(words.get(at).text());
    }

    private boolean is(String word) {
        return at < words.size() && words.get(at).is(word);
    }

    private Part expression(int required) {
        Part part = term(required);
        while (is(AND) || is(OR)) {
            boolean both = is(AND);
            at++;
            Part next = term(both ? required + part.required() : required);
            part = both
                    ? new Part(IndexQuery.both(part.query(), next.query()), part.required() + next.required())
                    : new Part(IndexQuery.either(List.of(part.query(), next.query())), 0);
        }
        return part;
    }

    private Part term(int required) {
        if (is(NOT)) {
            at++;
            term(required);
            return new Part(ANY, 0);
        }
        if (!is("(")) {
            return primitive(required);
        }
        at++;
        Part inside = expression(required);
        boolean closed = is(")");
        at += closed ? 1 : 0;
        head = null;
        boolean goesOn = at < words.size() && !is(AND) && !is(OR) && !is(")");
        if (!closed || goesOn) { // arithmetic
            skip();
            return new Part(ANY, 0);
        }
        return inside;
    }

    /** Goes on to what joins two terms, or ends the part. */
    private void skip() {
        int depth = 0;
        while (at < words.size() && (depth > 0 || (!is(AND) && !is(OR) && !is(")")))) {
            depth += is("(") ? 1 : is(")") ? -1 : 0;
            at++;
        }
    }

    private Part primitive(int required) {
        int start = at;
        TermHead told = TermHead.read(words, at);
        at += told.words();
        if (told.words() > 0 && told.takesId() && is("(")) {
            return new Part(narrowed(required, ids(told)), 0);
        }
        int idAt = at;
        skip();
        List<Word> rest = words.subList(idAt, at);
        if (told.words() == 0 && head != null && isId(rest)) {
            return new Part(narrowed(required, head.query(rest)), 0);
        }
        head = null;
        if (told.words() > 0 && told.takesId()) {
            head = told;
            return new Part(narrowed(required, told.query(rest)), 0);
        }
        return keyword(required, words.subList(start, at));
    }

    private static boolean isId(List<Word> rest) {
        return !rest.isEmpty()
                && (rest.getFirst().kind() == Kind.ADDRESS
                        || Character.isDigit(rest.getFirst().text().charAt(0)));
    }

    /** {@code port (80 or 443)}. */
    private IndexQuery ids(TermHead told) {
        at++;
        List<IndexQuery> several = new ArrayList<>();
        boolean isPlain = true;
        while (at < words.size() && !is(")")) {
            int start = at;
            skip();
            several.add(told.query(words.subList(start, at)));
            isPlain &= at > start;
            if (is(AND) || is(OR)) {
                isPlain &= is(OR);
                at++;
            }
        }
        at++;
        int behind = at;
        skip();
        head = null;
        return isPlain && at == behind ? IndexQuery.either(several) : ANY;
    }

    /** What is behind a term that has it look further on narrows only where that term must hold. */
    private IndexQuery narrowed(int required, IndexQuery query) {
        return mixed || shifts != required ? ANY : query;
    }

    private Part keyword(int required, List<Word> term) {
        if (term.isEmpty() || term.getFirst().kind() != Kind.WORD) {
            return new Part(ANY, 0);
        }
        String word = term.getFirst().text();
        if (SHIFTS.contains(word)) {
            return shift(required, word, term);
        }
        return new Part(term.size() == 1 ? narrowed(required, TermHead.keyword(word)) : ANY, 0);
    }

    private Part shift(int required, String word, List<Word> term) {
        IndexQuery query = narrowed(required, shiftQuery(word, term));
        boolean known =
                word.equals(VLAN) ? shift.isEmpty() : shift.isEmpty() || (word.equals("mpls") && shift.equals(word));
        mixed |= !known;
        shifts++;
        shift = word.equals(VLAN) ? shift : word;
        return new Part(query, 1);
    }

    private static IndexQuery shiftQuery(String word, List<Word> term) {
        if (term.size() > 2) {
            return ANY;
        }
        int number = term.size() == 1 ? -1 : TermHead.number(term.get(1));
        boolean isBare = term.size() == 1;
        if (!isBare && number < 0) {
            return ANY;
        }
        return switch (word) {
            case VLAN -> isBare ? anyTag() : new IndexQuery.Key(IndexKey.vlan(number & 0xfff));
            case "mpls" -> isBare ? TermHead.keyword(word) : new IndexQuery.Key(IndexKey.label(number));
            case "pppoes" -> isBare ? TermHead.keyword(word) : new IndexQuery.Key(IndexKey.session(number));
            case "geneve" -> isBare ? TermHead.datagrams(6081) : new IndexQuery.Key(IndexKey.geneve(number));
            default -> isBare ? TermHead.datagrams(4789) : new IndexQuery.Key(IndexKey.vxlan(number));
        };
    }

    private static IndexQuery anyTag() {
        return IndexQuery.either(List.of(
                new IndexQuery.Key(IndexKey.type(0x8100)),
                new IndexQuery.Key(IndexKey.type(0x88a8)),
                new IndexQuery.Key(IndexKey.type(0x9100))));
    }
}
