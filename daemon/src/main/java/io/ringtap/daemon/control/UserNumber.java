package io.ringtap.daemon.control;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.attribute.UserPrincipal;
import java.util.OptionalInt;

/**
 * The numbers of users. The JDK makes names of them and keeps the numbers to itself, so they are asked of the system again, wherever
 * it knows its users from. Any thread. Linux; the layout is that of x86-64 and AArch64.
 */
final class UserNumber {
    /** struct passwd of getpwnam(3): two pointers, then the user's number. */
    private static final long PASSWD_BYTES = 48;

    private static final long UID_OFFSET = 16;

    /** More than an entry takes. */
    private static final long ENTRY_BYTES = 64 << 10;

    private static final MethodHandle GETPWNAM_R = Linker.nativeLinker()
            .downcallHandle(
                    Linker.nativeLinker().defaultLookup().findOrThrow("getpwnam_r"),
                    FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS));

    private UserNumber() {}

    /** A user's name and number, for the log: {@code root (uid 0)}. */
    static String named(UserPrincipal user) {
        String name = user.getName();
        OptionalInt number = of(name);
        return number.isPresent()
                ? name + " (uid " + Integer.toUnsignedString(number.getAsInt()) + ")"
                : "with uid " + name; // one without a name, whose number the JDK gives in its place
    }

    /** The number of a user of that name; absent if there is none. */
    static OptionalInt of(String name) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment passwd = arena.allocate(PASSWD_BYTES, Long.BYTES);
            MemorySegment result = arena.allocate(ADDRESS);
            int _ = (int) GETPWNAM_R.invokeExact(
                    arena.allocateFrom(name), passwd, arena.allocate(ENTRY_BYTES), ENTRY_BYTES, result);
            return result.get(ADDRESS, 0).address() == 0
                    ? OptionalInt.empty()
                    : OptionalInt.of(passwd.get(JAVA_INT, UID_OFFSET));
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new LinkageError("getpwnam_r", e);
        }
    }
}
