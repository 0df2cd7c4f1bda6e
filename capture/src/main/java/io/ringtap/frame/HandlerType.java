package io.ringtap.frame;

/**
 * A kind of handler that a plug-in brings and configurations can name. Its jar lists the class in {@code
 * META-INF/services/io.ringtap.frame.HandlerType}; the class is public and has a public constructor without parameters.
 */
public interface HandlerType {
    /** The version of what is in this package. It rises when plug-ins that were built before would not work any more. */
    int API_VERSION = 1;

    /** The version the plug-in was built for: {@code return HandlerType.API_VERSION;}, which javac makes a number of. */
    int apiVersion();

    /** Returns what configurations call it: letters, digits, hyphens, dots and underscores, such as "vlan-count". */
    String name();

    /**
     * Makes a handler for one thread. Called on the thread that reads the configuration, once more than there are threads: the
     * first instance only tells which keys there are, and is dropped before {@code onStart}.
     */
    FrameHandler make(HandlerSettings settings);
}
