package io.ringtap.daemon.plugin;

import java.util.List;
import java.util.stream.Stream;

/**
 * Shows plug-ins the JDK and what a handler is written against, and nothing else of ringtap: a plug-in may bring a library
 * that ringtap uses too, in another version.
 */
final class ApiClassLoader extends ClassLoader {
    private static final List<String> SHOWN =
            List.of("io.ringtap.frame.", "io.ringtap.ledger.", "org.pcap4j.packet.", "org.pcap4j.util.", "org.slf4j.");

    static {
        registerAsParallelCapable();
    }

    private final ClassLoader ringtap;

    /** Shows the packages as a class loader of ringtap's own sees them. */
    ApiClassLoader(ClassLoader ringtap) {
        super("ringtap-api", getPlatformClassLoader());
        this.ringtap = ringtap;
    }

    /** Returns whether classes of a package would be looked for here or in the JDK, be there any or not. */
    static boolean isShownBelow(String packageName) {
        return Stream.concat(SHOWN.stream(), Stream.of("java.", "javax.", "jdk.", "sun."))
                .anyMatch((packageName + ".")::startsWith);
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        if (SHOWN.stream().noneMatch(name::startsWith)) {
            throw new ClassNotFoundException(name);
        }
        return ringtap.loadClass(name);
    }
}
