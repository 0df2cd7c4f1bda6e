package io.ringtap.capture.pcap;

import io.ringtap.capture.FilterPlace;
import io.ringtap.capture.FrameFilter;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.pcap4j.core.PcapHandle;
import org.pcap4j.core.PcapNativeException;
import org.pcap4j.core.Pcaps;
import org.pcap4j.packet.namednumber.DataLinkType;

/**
 * Filter expressions of pcap-filter(7), compiled by libpcap; nothing is looked up by a resolver. In the kernel and in this
 * process an expression says the same of a frame.
 */
public final class PcapFilter {
    /** More than the 4,096 instructions that the kernel takes hold; over longer ones libpcap sits for minutes. */
    private static final int MOST_CHARACTERS = 16_384;

    /** 500 bytes are enough for a term, which takes six characters at least; only what is used is memory. */
    private static final long STACK_BYTES = 64L << 20;

    private static final int ANY_SNAPLEN = 65_535;

    /** Bare IP packets, whose number differs from libpcap's own. */
    private static final int LINKTYPE_RAW = 101;

    private PcapFilter() {}

    /** Says what is wrong with an expression for this place; empty if it compiles. Any thread. */
    public static Optional<String> problem(String expression, FilterPlace place) {
        try {
            FilterProgram program = compile(expression, ANY_SNAPLEN);
            (place == FilterPlace.PROCESS ? requireNoKernel(program) : program).tagged();
            return Optional.empty();
        } catch (BadFilterException e) {
            return Optional.of(e.getMessage());
        }
    }

    /**
     * Makes a filter that runs in this process, on the frames of any capture. Any thread.
     *
     * @throws IllegalArgumentException saying what is wrong with the expression
     */
    public static FrameFilter inProcess(String expression) {
        try {
            FilterProgram program = requireNoKernel(compile(expression, ANY_SNAPLEN));
            return new BpfFilter(program.untagged(), program.tagged());
        } catch (BadFilterException e) {
            throw bad(expression, e);
        }
    }

    /**
     * Makes a filter for the frames of a file, which judges them as {@code tcpdump -r} does: VLAN tags stand in them. Any thread.
     *
     * @param linkType of the file, by its number in draft-ietf-opsawg-pcaplinktype
     * @throws IllegalArgumentException saying what is wrong with the expression
     */
    public static SavedFilter forFile(String expression, int linkType) {
        try {
            return new SavedFilter(
                    compile(expression, dataLinkType(linkType), ANY_SNAPLEN, FilterCompiler::compileForFile));
        } catch (BadFilterException e) {
            throw bad(expression, e);
        }
    }

    private static DataLinkType dataLinkType(int linkType) {
        return linkType == LINKTYPE_RAW ? DataLinkType.RAW : DataLinkType.getInstance(linkType);
    }

    private static IllegalArgumentException bad(String expression, BadFilterException e) {
        return new IllegalArgumentException("bad filter \"" + expression + "\": " + e.getMessage(), e);
    }

    /** Compiles an expression for the link type and the snaplen of a handle. */
    private interface Compilation<P> {
        P of(PcapHandle handle, String expression) throws BadFilterException;
    }

    private static FilterProgram requireNoKernel(FilterProgram program) throws BadFilterException {
        if (program.asksKernel()) {
            throw new BadFilterException(
                    "the way and the interface of a frame (inbound, outbound, ifindex) are known to the"
                            + " kernel alone; ask for them in the filter of a capture on an interface, or by its direction");
        }
        return program;
    }

    /**
     * Compiles for an interface: instructions of 8 bytes each. A frame that passes is cut at the snaplen.
     *
     * @param outgoingToo whether frames are judged that this machine sends, too
     */
    static byte[] forKernel(String expression, int snaplenBytes, boolean outgoingToo) throws BadFilterException {
        return compile(expression, snaplenBytes).forKernel(outgoingToo);
    }

    /** Compiles on a thread of its own: libpcap calls itself for each term, and on a usual stack some 3,000 of them end the process. */
    private static FilterProgram compile(String expression, int snaplenBytes) throws BadFilterException {
        return compile(expression, DataLinkType.EN10MB, snaplenBytes, FilterCompiler::compile);
    }

    private static <P> P compile(String expression, DataLinkType type, int snaplenBytes, Compilation<P> compilation)
            throws BadFilterException {
        if (expression.length() > MOST_CHARACTERS) {
            throw new BadFilterException(
                    "it has " + expression.length() + " characters, of at most " + MOST_CHARACTERS);
        }
        FutureTask<P> compiling = new FutureTask<>(() -> {
            try (PcapHandle handle = Pcaps.openDead(type, snaplenBytes)) {
                return compilation.of(handle, expression);
            } catch (PcapNativeException e) {
                throw new BadFilterException(e.getMessage());
            }
        });
        Thread thread = new Thread(null, compiling, "filter-compiler", STACK_BYTES);
        thread.setDaemon(true);
        thread.start();
        try {
            return awaitEnd(compiling);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof BadFilterException bad) {
                throw bad;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    private static <P> P awaitEnd(FutureTask<P> compiling) throws ExecutionException {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return compiling.get();
                } catch (InterruptedException e) {
                    interrupted = true; // most take milliseconds
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
