package io.ringtap.capture.pcap;

import io.ringtap.capture.pcap.BpfCode.Instruction;
import io.ringtap.capture.pcap.FilterWords.Word;
import java.net.Inet4Address;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.pcap4j.core.BpfProgram;
import org.pcap4j.core.BpfProgram.BpfCompileMode;
import org.pcap4j.core.NotOpenException;
import org.pcap4j.core.PcapAccess;
import org.pcap4j.core.PcapHandle;
import org.pcap4j.core.PcapNativeException;

/**
 * Has libpcap compile an expression: for frames as they are, and, where {@code vlan} tests the outermost tag, for frames whose
 * tag was taken off. For the latter, the first {@code vlan} is true, or the load of a mark in place of the tag.
 */
final class FilterCompiler {
    /** A {@code vlan} behind them is in them, and the optimiser gets their code wrong (libpcap's issue 1670). */
    private static final List<String> ENCAPSULATIONS = List.of("geneve", "vxlan");

    /** Loops, which it leaves alone. */
    private static final String LOOPS = "protochain";

    private static final byte[] REJECT_ALL = {0x06, 0, 0, 0, 0, 0, 0, 0};
    /** What tcpdump has for a file; it makes a difference to {@code ip broadcast}. */
    private static final Inet4Address NO_NETMASK = Inet4Address.ofLiteral("0.0.0.0");

    private static final String REJECTS_ALL = "rejects all packets";
    private static final int FIRST_MARK = 0x7274_6170;

    private final PcapHandle handle;
    private final String expression;
    private final List<Word> words;
    private final boolean isOptimised;

    private FilterCompiler(PcapHandle handle, String expression) {
        this.handle = handle;
        this.expression = expression;
        words = FilterWords.of(expression);
        isOptimised = words.stream().noneMatch(word -> encapsulates(word) || word.is(LOOPS));
    }

    /** Compiles an expression for the handle's link type and snaplen; takes stack for each of its terms. */
    static FilterProgram compile(PcapHandle handle, String expression) throws BadFilterException {
        return new FilterCompiler(handle, expression).program();
    }

    /** Compiles as {@code tcpdump -r} does, for frames as a file holds them. */
    static byte[] compileForFile(PcapHandle handle, String expression) throws BadFilterException {
        FilterCompiler compiler = new FilterCompiler(handle, expression);
        compiler.refuseNames();
        byte[] program = compiler.compile(expression, BpfCompileMode.OPTIMIZE, NO_NETMASK);
        return compiler.isOptimised ? program : compiler.withMemory(program);
    }

    private void refuseNames() throws BadFilterException {
        Optional<String> names = FilterNames.problem(words, this::isKeyword);
        if (names.isPresent()) {
            throw new BadFilterException(names.get());
        }
    }

    private FilterProgram program() throws BadFilterException {
        refuseNames();
        int tag = outermost();
        if (tag < 0) {
            return new FilterProgram(
                    isOptimised ? compile(expression, BpfCompileMode.OPTIMIZE) : unoptimised(expression));
        }
        byte[] asItIs = unoptimised(expression);
        int mark = FIRST_MARK;
        while (uses(asItIs, mark)) {
            mark++;
        }
        byte[] marked = unoptimised(marked(tag, mark + " & 4095 = ", mark + " >= 0 "));
        if (!isOptimised) {
            return new FilterProgram(untagged(asItIs, asItIs, marked, mark), marked, mark);
        }
        Optional<byte[]> optimised = optimised(expression);
        Optional<byte[]> withoutTag = optimised(marked(tag, "ether[" + mark + ":2] & 4095 = ", "len >= 0 "));
        if (optimised.isEmpty() && withoutTag.isEmpty()) {
            throw new BadFilterException("expression " + REJECTS_ALL);
        }
        byte[] untagged = untagged(optimised.orElse(REJECT_ALL), asItIs, marked, mark);
        return new FilterProgram(untagged, withoutTag.orElse(REJECT_ALL), mark);
    }

    /**
     * The program for frames without a tag: from {@code vlan} on, offsets are those behind one. Terms that are reached without
     * coming to {@code vlan} are as those before it, for which there is no program but one with a jump at the mark.
     */
    private static byte[] untagged(byte[] behindTag, byte[] asItIs, byte[] marked, int mark) {
        if (areSameUpToMark(BpfCode.instructions(asItIs), BpfCode.instructions(marked), mark)) {
            return behindTag;
        }
        BpfCode code = new BpfCode();
        int atMark = code.label();
        code.append(marked, (to, instruction, k) -> {
            if (instruction == BpfCode.LOAD_IMMEDIATE && k == mark) {
                to.jump(atMark);
            } else {
                to.add(instruction, k);
            }
        });
        code.place(atMark);
        code.append(behindTag);
        return code.bytes();
    }

    /** Returns whether two programs do the same on every way that does not come to the mark in the second. */
    private static boolean areSameUpToMark(List<Instruction> first, List<Instruction> second, int mark) {
        int[] places =
                new int[second.size()]; // where the first one is when the second one is here; negative: it never is
        Arrays.fill(places, -1);
        places[0] = 0;
        for (int at = 0; at < places.length; at++) {
            Instruction each = second.get(at);
            boolean isMark = each.code() == BpfCode.LOAD_IMMEDIATE && each.k() == mark;
            if (places[at] < 0 || isMark) {
                continue;
            }
            Instruction same = first.get(places[at]);
            boolean differs = same.code() != each.code() || (same.k() != each.k() && !each.isJump());
            if (differs || !follow(places, at, each, same)) {
                return false;
            }
        }
        return true;
    }

    /** Notes where both go on; false if the first was somewhere else when the second came there before. */
    private static boolean follow(int[] places, int at, Instruction each, Instruction same) {
        for (int way = 0; way < 2 && !each.isReturn(); way++) {
            int to = each.next(at, way);
            int place = same.next(places[at], way);
            if (places[to] >= 0 && places[to] != place) {
                return false;
            }
            places[to] = place;
        }
        return true;
    }

    private static boolean uses(byte[] program, int number) {
        return BpfCode.instructions(program).stream().anyMatch(each -> each.k() == number);
    }

    /** Empty: no frame passes. */
    private Optional<byte[]> optimised(String text) throws BadFilterException {
        try {
            return Optional.of(compile(text, BpfCompileMode.OPTIMIZE));
        } catch (BadFilterException e) {
            if (e.getMessage().contains(REJECTS_ALL)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** As libpcap has written it. */
    private byte[] unoptimised(String text) throws BadFilterException {
        return withMemory(compile(text, BpfCompileMode.NONOPTIMIZE));
    }

    /** With memory that it may read before it writes 0, for which the kernel asks. */
    private byte[] withMemory(byte[] program) {
        BpfCode code = new BpfCode();
        code.add(BpfCode.LOAD_IMMEDIATE, 0);
        for (int cell = 0; !isOptimised && cell < BpfCode.MEMORY_CELLS; cell++) {
            code.add(BpfCode.STORE, cell);
        }
        code.append(program);
        return code.bytes();
    }

    private byte[] compile(String text, BpfCompileMode mode) throws BadFilterException {
        return compile(text, mode, PcapHandle.PCAP_NETMASK_UNKNOWN);
    }

    private byte[] compile(String text, BpfCompileMode mode, Inet4Address netmask) throws BadFilterException {
        try {
            BpfProgram program = handle.compileFilter(text, mode, netmask);
            try {
                return PcapAccess.instructions(program);
            } finally {
                program.free();
            }
        } catch (PcapNativeException e) {
            throw new BadFilterException(e.getMessage());
        } catch (NotOpenException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns what is no name of a port, but a syntax error there, is libpcap's own. */
    private boolean isKeyword(String word) {
        try {
            compile("portrange " + word, BpfCompileMode.NONOPTIMIZE);
            return false;
        } catch (BadFilterException e) {
            return e.getMessage().contains("syntax error");
        }
    }

    private static boolean encapsulates(Word word) {
        return ENCAPSULATIONS.stream().anyMatch(word::is);
    }

    /** Returns which word is the {@code vlan} that tests the outermost tag; negative if none is. */
    private int outermost() {
        for (int i = 0; i < words.size() && !encapsulates(words.get(i)); i++) {
            if (words.get(i).is("vlan")) {
                return i;
            }
        }
        return -1;
    }

    /** The expression with something else in place of that {@code vlan}: before its number, or without one. */
    private String marked(int tag, String beforeNumber, String alone) {
        int next = tag + 1;
        while (next < words.size() && words.get(next).is("(")) {
            next++;
        }
        boolean hasNumber = next < words.size() && words.get(next).isNumber();
        return expression.substring(0, words.get(tag).start()) + " " + (hasNumber ? beforeNumber : alone)
                + expression.substring(words.get(tag).end());
    }
}
