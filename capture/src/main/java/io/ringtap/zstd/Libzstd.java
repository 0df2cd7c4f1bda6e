package io.ringtap.zstd;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/** The few functions of libzstd 1.4 or newer that are called: its stable interface alone. */
final class Libzstd {
    static final String NAME = "libzstd.so.1";

    // ZSTD_cParameter
    static final int LEVEL = 100;
    static final int WINDOW_LOG = 101;
    static final int WORKERS = 400;
    static final int JOB_SIZE = 401;
    static final int OVERLAP_LOG = 402;

    // ZSTD_EndDirective
    static final int FLUSH = 1;

    /** struct ZSTD_inBuffer and ZSTD_outBuffer: pointer, size, position. */
    static final long BUFFER_BYTES = 24;

    static final long BUFFER_SIZE = 8;
    static final long BUFFER_POSITION = 16;

    private static final int RESET_SESSION = 1;

    private static final Optional<SymbolLookup> LIBRARY = find(NAME);

    private Libzstd() {}

    /** A shared library, by its name; absent if it is not on this machine. */
    static Optional<SymbolLookup> find(String name) {
        try {
            return Optional.of(SymbolLookup.libraryLookup(name, Arena.global()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Returns why nothing can be called; absent if all can. */
    static Optional<String> missing() {
        return missing(LIBRARY);
    }

    static Optional<String> missing(Optional<SymbolLookup> library) {
        return library.isPresent()
                ? Optional.empty()
                : Optional.of(
                        NAME + " is not on this machine; install libzstd1 (Debian, Ubuntu) or libzstd (Fedora, RHEL)");
    }

    /** @throws IOException that says what to install */
    static void require() throws IOException {
        Optional<String> missing = missing();
        if (missing.isPresent()) {
            throw new IOException(missing.get());
        }
    }

    /** Linked when the first is called. */
    private static final class Calls {
        static final MethodHandle CREATE_CCTX = of("ZSTD_createCCtx", FunctionDescriptor.of(ADDRESS));
        static final MethodHandle FREE_CCTX = of("ZSTD_freeCCtx", FunctionDescriptor.of(JAVA_LONG, ADDRESS));
        static final MethodHandle SET =
                of("ZSTD_CCtx_setParameter", FunctionDescriptor.of(JAVA_LONG, ADDRESS, JAVA_INT, JAVA_INT));
        static final MethodHandle RESET_CCTX =
                of("ZSTD_CCtx_reset", FunctionDescriptor.of(JAVA_LONG, ADDRESS, JAVA_INT));
        static final MethodHandle COMPRESS =
                of("ZSTD_compressStream2", FunctionDescriptor.of(JAVA_LONG, ADDRESS, ADDRESS, ADDRESS, JAVA_INT));
        static final MethodHandle BOUND = of("ZSTD_compressBound", FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));
        static final MethodHandle CREATE_DCTX = of("ZSTD_createDCtx", FunctionDescriptor.of(ADDRESS));
        static final MethodHandle FREE_DCTX = of("ZSTD_freeDCtx", FunctionDescriptor.of(JAVA_LONG, ADDRESS));
        static final MethodHandle RESET_DCTX =
                of("ZSTD_DCtx_reset", FunctionDescriptor.of(JAVA_LONG, ADDRESS, JAVA_INT));
        static final MethodHandle DECOMPRESS =
                of("ZSTD_decompressStream", FunctionDescriptor.of(JAVA_LONG, ADDRESS, ADDRESS, ADDRESS));
        static final MethodHandle IS_ERROR = of("ZSTD_isError", FunctionDescriptor.of(JAVA_INT, JAVA_LONG));
        static final MethodHandle ERROR_NAME = of("ZSTD_getErrorName", FunctionDescriptor.of(ADDRESS, JAVA_LONG));

        private Calls() {}

        private static MethodHandle of(String name, FunctionDescriptor type) {
            return Linker.nativeLinker().downcallHandle(LIBRARY.orElseThrow().findOrThrow(name), type);
        }
    }

    static MemorySegment createCompressor() {
        try {
            return created((MemorySegment) Calls.CREATE_CCTX.invokeExact());
        } catch (Throwable e) {
            throw failed("ZSTD_createCCtx", e);
        }
    }

    static MemorySegment createDecompressor() {
        try {
            return created((MemorySegment) Calls.CREATE_DCTX.invokeExact());
        } catch (Throwable e) {
            throw failed("ZSTD_createDCtx", e);
        }
    }

    private static MemorySegment created(MemorySegment context) {
        if (context.equals(MemorySegment.NULL)) {
            throw new OutOfMemoryError("no memory for libzstd");
        }
        return context;
    }

    static void freeCompressor(MemorySegment context) {
        try {
            long _ = (long) Calls.FREE_CCTX.invokeExact(context);
        } catch (Throwable e) {
            throw failed("ZSTD_freeCCtx", e);
        }
    }

    static void freeDecompressor(MemorySegment context) {
        try {
            long _ = (long) Calls.FREE_DCTX.invokeExact(context);
        } catch (Throwable e) {
            throw failed("ZSTD_freeDCtx", e);
        }
    }

    /** Sets a parameter of a compressor; an error, or none. */
    static long set(MemorySegment context, int parameter, int value) {
        try {
            return (long) Calls.SET.invokeExact(context, parameter, value);
        } catch (Throwable e) {
            throw failed("ZSTD_CCtx_setParameter", e);
        }
    }

    /** Has a compressor begin a new frame. */
    static void resetCompressor(MemorySegment context) {
        try {
            long _ = (long) Calls.RESET_CCTX.invokeExact(context, RESET_SESSION);
        } catch (Throwable e) {
            throw failed("ZSTD_CCtx_reset", e);
        }
    }

    /** Has a decompressor expect a new frame. */
    static void resetDecompressor(MemorySegment context) {
        try {
            long _ = (long) Calls.RESET_DCTX.invokeExact(context, RESET_SESSION);
        } catch (Throwable e) {
            throw failed("ZSTD_DCtx_reset", e);
        }
    }

    /** Compresses what is in a buffer, to be written out; 0 when all of it is, an error, or anything else. */
    static long flush(MemorySegment context, MemorySegment out, MemorySegment in) {
        try {
            return (long) Calls.COMPRESS.invokeExact(context, out, in, FLUSH);
        } catch (Throwable e) {
            throw failed("ZSTD_compressStream2", e);
        }
    }

    /** The most bytes that so many can become. */
    static long bound(long bytes) {
        try {
            return (long) Calls.BOUND.invokeExact(bytes);
        } catch (Throwable e) {
            throw failed("ZSTD_compressBound", e);
        }
    }

    /** Decompresses what is in a buffer; 0 where a frame has ended, an error, or anything else. */
    static long decompress(MemorySegment context, MemorySegment out, MemorySegment in) {
        try {
            return (long) Calls.DECOMPRESS.invokeExact(context, out, in);
        } catch (Throwable e) {
            throw failed("ZSTD_decompressStream", e);
        }
    }

    static boolean isError(long result) {
        try {
            return (int) Calls.IS_ERROR.invokeExact(result) != 0;
        } catch (Throwable e) {
            throw failed("ZSTD_isError", e);
        }
    }

    /** Returns what an error is called. */
    static String errorName(long result) {
        try {
            MemorySegment name = (MemorySegment) Calls.ERROR_NAME.invokeExact(result);
            return name.reinterpret(Long.MAX_VALUE).getString(0);
        } catch (Throwable e) {
            throw failed("ZSTD_getErrorName", e);
        }
    }

    private static Error failed(String function, Throwable e) {
        return e instanceof OutOfMemoryError memory ? memory : new LinkageError(function, e);
    }
}
