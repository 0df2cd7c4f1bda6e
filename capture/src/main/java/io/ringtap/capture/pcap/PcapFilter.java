package io.ringtap.capture.pcap;

import io.ringtap.capture.FrameFilter;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.pcap4j.core.BpfProgram;
import org.pcap4j.core.BpfProgram.BpfCompileMode;
import org.pcap4j.core.NotOpenException;
import org.pcap4j.core.PcapAccess;
import org.pcap4j.core.PcapHandle;
import org.pcap4j.core.PcapNativeException;
import org.pcap4j.core.Pcaps;
import org.pcap4j.packet.namednumber.DataLinkType;

/** Filter expressions of pcap-filter(7), compiled by libpcap. */
public final class PcapFilter {
    /** More than the 4,096 instructions that the kernel takes hold; over longer ones libpcap sits for minutes. */
    private static final int MOST_CHARACTERS = 16_384;

    /** 500 bytes are enough for a term, which takes six characters at least; only what is used is memory. */
    private static final long STACK_BYTES = 64L << 20;

    private PcapFilter() {}

    /** What libpcap says is wrong with an expression on an Ethernet link; empty if it compiles. Any thread. */
    public static Optional<String> problem(String expression) {
        try (PcapHandle handle = Pcaps.openDead(DataLinkType.EN10MB, 65_535)) {
            compile(handle, expression);
            return Optional.empty();
        } catch (PcapNativeException | NotOpenException e) {
            return Optional.of(e.getMessage());
        }
    }

    /**
     * A filter that runs in this process, on the frames of any capture. Any thread.
     *
     * @throws IllegalArgumentException saying what libpcap says is wrong with the expression
     */
    public static FrameFilter inProcess(String expression) {
        try (PcapHandle handle = Pcaps.openDead(DataLinkType.EN10MB, 65_535)) {
            return new BpfFilter(compile(handle, expression));
        } catch (PcapNativeException | NotOpenException e) {
            throw new IllegalArgumentException("bad filter \"" + expression + "\": " + e.getMessage(), e);
        }
    }

    /** The optimised instructions, each 8 bytes; a frame that passes is cut at the handle's snaplen. */
    static byte[] compile(PcapHandle handle, String expression) throws PcapNativeException, NotOpenException {
        BpfProgram program = program(handle, expression);
        try {
            return PcapAccess.instructions(program);
        } finally {
            program.free();
        }
    }

    /**
     * For whoever frees it. Compiled on a thread of its own: libpcap calls itself for each term, and on a usual stack some
     * 3,000 of them end the process.
     */
    static BpfProgram program(PcapHandle handle, String expression) throws PcapNativeException, NotOpenException {
        if (expression.length() > MOST_CHARACTERS) {
            throw new PcapNativeException(
                    "it has " + expression.length() + " characters, of at most " + MOST_CHARACTERS);
        }
        FutureTask<BpfProgram> compiling = new FutureTask<>(
                () -> handle.compileFilter(expression, BpfCompileMode.OPTIMIZE, PcapHandle.PCAP_NETMASK_UNKNOWN));
        Thread thread = new Thread(null, compiling, "filter-compiler", STACK_BYTES);
        thread.setDaemon(true);
        thread.start();
        try {
            return awaitEnd(compiling);
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case PcapNativeException refused -> throw refused;
                case NotOpenException closed -> throw closed;
                default -> throw new IllegalStateException(e.getCause());
            }
        }
    }

    private static BpfProgram awaitEnd(FutureTask<BpfProgram> compiling) throws ExecutionException {
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
