package io.ringtap.inject.kernel;

import io.ringtap.inject.send.InjectResult;
import io.ringtap.inject.template.FrameTemplate;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** The errors of Linux (asm-generic/errno.h) that mean something to an engine; see packet(7). */
public final class Errno {
    public static final int EPERM = 1;
    public static final int EINTR = 4;
    public static final int ENXIO = 6;
    public static final int EAGAIN = 11;
    public static final int ENOMEM = 12;
    public static final int EACCES = 13;
    public static final int ENOSPC = 28;
    public static final int EMSGSIZE = 90;
    public static final int EOPNOTSUPP = 95;
    public static final int ENETDOWN = 100;
    public static final int ENOBUFS = 105;

    private static final MemorySegment MEMORY = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
    private static final MethodHandle STRERROR = Linker.nativeLinker()
            .downcallHandle(
                    Linker.nativeLinker().defaultLookup().findOrThrow("strerror"),
                    FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT));

    private Errno() {}

    /** Returns what it means that a frame of so many bytes was not sent. */
    public static InjectResult resultOf(int errno, int frameBytes) {
        InjectResult result = resultOf(errno);
        boolean tooShort = result == InjectResult.OTHER && frameBytes < FrameTemplate.HEADER_BYTES;
        return tooShort ? InjectResult.TOO_SHORT : result;
    }

    /** Returns what it means that a frame was not sent which has a whole Ethernet header. */
    public static InjectResult resultOf(int errno) {
        return switch (errno) {
            case EMSGSIZE -> InjectResult.TOO_LONG;
            case ENETDOWN -> InjectResult.LINK_DOWN;
            case ENOBUFS, ENOMEM, EAGAIN, ENOSPC, EINTR -> InjectResult.NO_BUFFER; // EINTR: while it waited for room
            default -> InjectResult.OTHER;
        };
    }

    /** Returns what strerror(3) says of it. */
    public static String text(int errno) {
        try {
            return MEMORY.getString((long) STRERROR.invokeExact(errno));
        } catch (Throwable e) {
            throw new LinkageError("strerror", e);
        }
    }
}
