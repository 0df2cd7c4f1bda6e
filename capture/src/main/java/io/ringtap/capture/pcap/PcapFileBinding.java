package io.ringtap.capture.pcap;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import org.pcap4j.core.PcapFileAccess;

/**
 * The libpcap functions that read a capture file, called through java.lang.foreign. Pointers are longs, so that a call
 * allocates nothing. Layouts are those of 64-bit Linux.
 */
final class PcapFileBinding {
    /** pcap_next_ex has no more frames. */
    static final int NO_MORE = -2;

    /** sizeof(struct bpf_program): a count and a pointer. */
    static final long BPF_PROGRAM_BYTES = 16;

    /** PCAP_NETMASK_UNKNOWN: a file does not say, and only "ip broadcast" asks. */
    private static final int NETMASK_UNKNOWN = 0xffff_ffff;

    /** All memory: native addresses are offsets in it. */
    private static final MemorySegment MEMORY = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    /** struct pcap_pkthdr: struct timeval, then two 32-bit lengths. */
    private static final long SUBSECONDS = 8;

    private static final long CAPTURED = 16;
    private static final long ORIGINAL = 20;

    private static final MethodHandle NEXT_EX =
            bind("pcap_next_ex", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle COMPILE =
            bind("pcap_compile", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT));
    private static final MethodHandle FREE_CODE = bind("pcap_freecode", FunctionDescriptor.ofVoid(JAVA_LONG));
    private static final MethodHandle OFFLINE_FILTER = bind(
            "pcap_offline_filter",
            FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG),
            Linker.Option.critical(false)); // interprets a few instructions: never blocks, never calls back

    private PcapFileBinding() {}

    /** 1 for a frame, {@link #NO_MORE}, or an error; puts the header's and the data's address at the two places. */
    static int nextEx(long pcap, long headerPlace, long dataPlace) {
        try {
            return (int) NEXT_EX.invokeExact(pcap, headerPlace, dataPlace);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** 0 if {@code program} now holds the compiled filter, which is a C string and is optimised. */
    static int compile(long pcap, long program, long filter) {
        try {
            return (int) COMPILE.invokeExact(pcap, program, filter, 1, NETMASK_UNKNOWN);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static void freeCode(long program) {
        try {
            FREE_CODE.invokeExact(program);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static boolean matches(long program, long header, long data) {
        try {
            return (int) OFFLINE_FILTER.invokeExact(program, header, data) != 0;
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static long seconds(long header) {
        return MEMORY.get(JAVA_LONG, header);
    }

    /** Nanoseconds, as the file was opened with that precision; no range is sure. */
    static long subseconds(long header) {
        return MEMORY.get(JAVA_LONG, header + SUBSECONDS);
    }

    static int captured(long header) {
        return MEMORY.get(JAVA_INT, header + CAPTURED);
    }

    /** Unsigned, and anything at all: nothing checked it. */
    static int original(long header) {
        return MEMORY.get(JAVA_INT, header + ORIGINAL);
    }

    private static MethodHandle bind(String name, FunctionDescriptor signature, Linker.Option... options) {
        return Linker.nativeLinker()
                .downcallHandle(MemorySegment.ofAddress(PcapFileAccess.function(name)), signature, options);
    }

    private static LinkageError unexpected(Throwable e) {
        return new LinkageError("libpcap call", e); // a downcall throws nothing of its own
    }
}
