package io.ringtap.daemon.doctor;

import io.ringtap.capture.CaptureConfig;
import io.ringtap.capture.RingReport;
import io.ringtap.capture.pcap.LinkSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** What no file of /proc or /sys tells of a machine. */
interface Answers {
    /** Returns the interface's number; 0 if there is none of that name. */
    int index(String interfaceName);

    /** Returns whether the interface is set down, or has no carrier. */
    boolean isDown(String interfaceName);

    OptionalInt mtuBytes(String interfaceName);

    /** Returns what card and driver are set to; absent if there is no such interface. */
    Optional<LinkSettings> link(String interfaceName);

    /** Returns the kernel rings that a capture would have. */
    RingReport ring(CaptureConfig capture);

    /** Returns why threads cannot be bound to these processors; empty if they can. */
    Optional<String> cpuProblem(List<Integer> cpus);

    /** Returns why threads cannot have real-time priority; empty if they can. */
    Optional<String> realtimeProblem();

    /** Returns what libpcap says of itself. */
    String libpcap();

    /** Returns whether the clock is kept in step with another one; absent where the kernel does not say. */
    Optional<Boolean> clockIsSynchronised();

    /** Returns how many bytes a second a folder's disk takes for good; absent if nothing can be written there. Takes a second. */
    OptionalLong writeBytesPerSecond(Path folder);

    /** Returns the most that this Java's heap may take. */
    long heapBytes();

    /** Returns a property of this Java, such as {@code java.version}; empty if it has none of that name. */
    String java(String property);

    /** Returns the folder of ringtap's jars. */
    Optional<Path> jars();
}
