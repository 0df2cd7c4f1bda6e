package io.ringtap.capture.pcap;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;
import org.pcap4j.core.PcapAccess;

/**
 * The few functions of libpcap and libc that the read path calls, in the very library that pcap4j has loaded. Pointers
 * go as {@code long}: a segment object a call would be garbage a frame.
 */
final class Libpcap {
    /** All memory, for reading what libpcap points at. */
    static final MemorySegment MEMORY = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    /** {@link #nextEx} has come to the end of a file. */
    static final int NO_MORE = -2;

    /** struct pcap_pkthdr of a 64-bit Linux: timeval of two longs, then caplen and len. */
    static final long HEADER_SECONDS = 0;

    static final long HEADER_SUBSECONDS = 8;
    static final long HEADER_CAPTURED = 16;
    static final long HEADER_ORIGINAL = 20;
    static final long HEADER_BYTES = 24;

    /** void callback(u_char *user, const struct pcap_pkthdr *header, const u_char *data). */
    static final FunctionDescriptor CALLBACK = FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_LONG, JAVA_LONG);

    // struct sockaddr_ll, linux/if_packet.h
    private static final int SOCKADDR_LL_BYTES = 20;
    private static final long SOCKADDR_LL_IFINDEX = 4;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final SymbolLookup PCAP = name -> Optional.of(MemorySegment.ofAddress(PcapAccess.function(name)));

    private static final MethodHandle PCAP_NEXT_EX =
            pcap("pcap_next_ex", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle BPF_FILTER = pcap(
            "bpf_filter",
            FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT),
            Linker.Option.critical(false)); // interprets a few instructions: never blocks, never calls back
    private static final MethodHandle PCAP_DISPATCH =
            pcap("pcap_dispatch", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
    private static final MethodHandle PCAP_BREAKLOOP = pcap("pcap_breakloop", FunctionDescriptor.ofVoid(JAVA_LONG));
    private static final MethodHandle PCAP_GETERR = pcap("pcap_geterr", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));
    private static final MethodHandle PCAP_FILENO = pcap("pcap_fileno", FunctionDescriptor.of(JAVA_INT, JAVA_LONG));
    private static final MethodHandle PCAP_BUFSIZE = pcap("pcap_bufsize", FunctionDescriptor.of(JAVA_INT, JAVA_LONG));
    private static final MethodHandle GETSOCKNAME =
            libc("getsockname", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
    private static final MethodHandle POLL =
            libc("poll", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
    private static final MethodHandle SETSOCKOPT = LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("setsockopt"),
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT),
            Linker.Option.captureCallState("errno"));

    private static final MethodHandle GETSOCKOPT =
            libc("getsockopt", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));

    private Libpcap() {}

    private static MethodHandle pcap(String name, FunctionDescriptor descriptor, Linker.Option... options) {
        return LINKER.downcallHandle(PCAP.findOrThrow(name), descriptor, options);
    }

    private static MethodHandle libc(String name, FunctionDescriptor descriptor) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), descriptor);
    }

    /** 1 for a frame, {@link #NO_MORE}, or an error; puts the header's and the data's address at the two places. */
    static int nextEx(long pcap, long headerPlace, long dataPlace) {
        try {
            return (int) PCAP_NEXT_EX.invokeExact(pcap, headerPlace, dataPlace);
        } catch (Throwable e) {
            throw new LinkageError("pcap_next_ex", e);
        }
    }

    /** Returns whether instructions let a frame pass; none of the data behind {@code capturedBytes} is looked at. */
    static boolean runFilter(long instructions, long data, int originalBytes, int capturedBytes) {
        try {
            return (int) BPF_FILTER.invokeExact(instructions, data, originalBytes, capturedBytes) != 0;
        } catch (Throwable e) {
            throw new LinkageError("bpf_filter", e);
        }
    }

    /** Calls {@code callback} for up to {@code limit} frames; how many, or a negative PCAP_ERROR code. */
    static int dispatch(long pcap, int limit, MemorySegment callback) {
        try {
            return (int) PCAP_DISPATCH.invokeExact(pcap, limit, callback, 0L);
        } catch (Throwable e) {
            throw new LinkageError("pcap_dispatch", e);
        }
    }

    /** Makes the dispatch under way end after the present frame; any thread. */
    static void breakloop(long pcap) {
        try {
            PCAP_BREAKLOOP.invokeExact(pcap);
        } catch (Throwable e) {
            throw new LinkageError("pcap_breakloop", e);
        }
    }

    /** libpcap's text for the last error of a handle. */
    static String errorText(long pcap) {
        try {
            return MEMORY.getString((long) PCAP_GETERR.invokeExact(pcap));
        } catch (Throwable e) {
            throw new LinkageError("pcap_geterr", e);
        }
    }

    /** The packet socket of a live handle. */
    static int fileno(long pcap) {
        try {
            return (int) PCAP_FILENO.invokeExact(pcap);
        } catch (Throwable e) {
            throw new LinkageError("pcap_fileno", e);
        }
    }

    /** Returns what libpcap asked the kernel for as the size of a frame; in TPACKET_V3, of a block. */
    static int bufferSize(long pcap) {
        try {
            return (int) PCAP_BUFSIZE.invokeExact(pcap);
        } catch (Throwable e) {
            throw new LinkageError("pcap_bufsize", e);
        }
    }

    /** The interface that a packet socket is bound to, by its number; negative once that is gone. */
    static int boundInterface(int socket) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(SOCKADDR_LL_BYTES, Integer.BYTES);
            MemorySegment length = arena.allocateFrom(JAVA_INT, SOCKADDR_LL_BYTES);
            int result = (int) GETSOCKNAME.invokeExact(socket, address, length);
            return result == 0 ? address.get(JAVA_INT, SOCKADDR_LL_IFINDEX) : -1;
        } catch (Throwable e) {
            throw new LinkageError("getsockname", e);
        }
    }

    /** poll(2) on the one {@code struct pollfd}. */
    static int poll(MemorySegment pollfd, int timeoutMillis) {
        try {
            return (int) POLL.invokeExact(pollfd, 1L, timeoutMillis);
        } catch (Throwable e) {
            throw new LinkageError("poll", e);
        }
    }

    /** setsockopt(2); 0, or the errno. */
    static int setSocketOption(int socket, int level, int option, MemorySegment value) {
        try (Arena arena = Arena.ofConfined()) {
            MemoryLayout state = Linker.Option.captureStateLayout();
            MemorySegment errno = arena.allocate(state);
            int result = (int) SETSOCKOPT.invokeExact(errno, socket, level, option, value, (int) value.byteSize());
            return result == 0 ? 0 : errno.get(ValueLayout.JAVA_INT, 0);
        } catch (Throwable e) {
            throw new LinkageError("setsockopt", e);
        }
    }

    /** getsockopt(2) of an int option; -1 if it failed. */
    static int intSocketOption(int socket, int level, int option) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(JAVA_INT);
            MemorySegment length = arena.allocateFrom(JAVA_INT, (int) JAVA_INT.byteSize());
            int result = (int) GETSOCKOPT.invokeExact(socket, level, option, value, length);
            return result == 0 ? value.get(JAVA_INT, 0) : -1;
        } catch (Throwable e) {
            throw new LinkageError("getsockopt", e);
        }
    }

    /** A C function pointer for a callback of {@link #CALLBACK}'s shape. */
    static MemorySegment upcall(MethodHandle target, Arena arena) {
        return LINKER.upcallStub(target, CALLBACK, arena);
    }
}
