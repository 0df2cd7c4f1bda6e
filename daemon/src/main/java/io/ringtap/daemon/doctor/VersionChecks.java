package io.ringtap.daemon.doctor;

import io.ringtap.capture.CaptureConfig.Mode;
import io.ringtap.daemon.doctor.Finding.Severity;
import io.ringtap.inject.config.Engine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Looks at the versions of what ringtap stands on, for those that are known to be too old or faulty. */
final class VersionChecks {
    private static final Pattern VERSION = Pattern.compile("(\\d{1,4})\\.(\\d{1,4})(?:\\.(\\d{1,4}))?");

    private static final int LEAST_KERNEL = number(4, 20, 0);
    private static final int KERNEL_OF_SHORT_TURNS = number(6, 12, 0);
    private static final int KERNEL_OF_XDP = number(5, 18, 0);

    /** From its CHANGES: "Fix memory leak in capture device open". */
    private static final int LIBPCAP_WITHOUT_LEAK = number(1, 10, 2);

    private VersionChecks() {}

    private static int number(int major, int minor, int patch) {
        return (major * 10_000 + minor) * 10_000 + patch;
    }

    /** Returns the first version in a text, as a number that can be compared; the greatest if there is none. */
    private static int version(String text) {
        Matcher matcher = VERSION.matcher(text);
        return matcher.find()
                ? number(
                        Integer.parseInt(matcher.group(1)),
                        Integer.parseInt(matcher.group(2)),
                        matcher.group(3) == null ? 0 : Integer.parseInt(matcher.group(3)))
                : Integer.MAX_VALUE;
    }

    static void kernel(Subject subject, Machine machine, Consumer<Finding> found) {
        String release = machine.text("/proc/sys/kernel/osrelease").orElse("");
        int kernel = version(release);
        if (kernel < LEAST_KERNEL) {
            found.accept(kernel(
                    Severity.LOSS,
                    release,
                    "ringtap needs Linux 4.20 or newer",
                    "what the kernel lacks shows as errors, or as loss"));
        }
        if (kernel < KERNEL_OF_SHORT_TURNS
                && subject.captures().stream().anyMatch(capture -> capture.mode() == Mode.LOW_LATENCY)) {
            found.accept(kernel(
                    Severity.NOTE,
                    release,
                    "Linux before 6.12 gives no short turns",
                    "in low-latency mode a frame may wait up to 3 ms for the end of another thread's turn"));
        }
        if (kernel < KERNEL_OF_XDP
                && subject.config().injects().stream().anyMatch(stream -> stream.engine() == Engine.XDP)) {
            found.accept(
                    kernel(Severity.LOSS, release, "the engine xdp needs Linux 5.18", "its streams cannot be opened"));
        }
    }

    private static Finding kernel(Severity severity, String release, String what, String consequence) {
        return new Finding(
                severity,
                "kernel",
                Finding.MACHINE,
                what,
                consequence,
                "/proc/sys/kernel/osrelease: " + release,
                "a newer kernel of the distribution");
    }

    static void libpcap(Subject subject, Machine machine, Consumer<Finding> found) {
        String says = machine.answers().libpcap();
        if (subject.captures().isEmpty()) {
            return;
        }
        if (says.contains("(with TPACKET_V2)") || says.contains("(without TPACKET")) {
            found.accept(libpcap(
                    Severity.RISK,
                    says,
                    "libpcap was built without TPACKET_V3",
                    "throughput mode gets a ring of fixed slots, which holds far fewer frames"));
        }
        if (version(says) < LIBPCAP_WITHOUT_LEAK) {
            found.accept(libpcap(
                    Severity.NOTE,
                    says,
                    "libpcap before 1.10.2 leaks memory each time that an interface is opened",
                    "memory grows with each return of an interface and each reload"));
        }
    }

    private static Finding libpcap(Severity severity, String says, String what, String consequence) {
        return new Finding(
                severity,
                "libpcap",
                Finding.MACHINE,
                what,
                consequence,
                says,
                "apt install libpcap0.8, of a newer release");
    }

    static void java(Subject subject, Machine machine, Consumer<Finding> found) {
        String version = machine.answers().java("java.version");
        if (machine.answers().java("java.vm.info").contains("interpreted")) {
            found.accept(new Finding(
                    Severity.LOSS,
                    "java",
                    Finding.MACHINE,
                    "this Java compiles nothing",
                    "handlers are some fifty times slower, and frames are lost at a fraction of the usual rates",
                    "java.vm.info: " + machine.answers().java("java.vm.info"),
                    "take -Xint out of RINGTAP_JAVA_OPTS"));
        }
        if (version.contains("-ea")) {
            found.accept(new Finding(
                    Severity.NOTE,
                    "java",
                    Finding.MACHINE,
                    "this Java is an early-access build",
                    "it gets no fixes",
                    "java.version: " + version,
                    "RINGTAP_JAVA_HOME=FOLDER of a released JDK 25"));
        }
    }

    /** Whether the cache of starts is there, and of these jars. */
    static void aotCache(Subject subject, Machine machine, Consumer<Finding> found) {
        Optional<Path> jars = machine.answers().jars();
        if (jars.isEmpty()) {
            return;
        }
        String folder = jars.get().toString();
        FileTime made = modified(machine, folder + "/jvm.aot").orElse(FileTime.fromMillis(0));
        boolean older = machine.names(folder).stream()
                .filter(name -> name.endsWith(".jar"))
                .anyMatch(name -> modified(machine, folder + "/" + name)
                        .map(time -> time.compareTo(made) > 0)
                        .orElse(false));
        if (older) {
            found.accept(new Finding(
                    Severity.NOTE,
                    "aot-cache",
                    Finding.MACHINE,
                    "the cache of starts is missing, or of other jars",
                    "a start, and a restart after a fault, takes half a second longer: frames that come meanwhile are missed",
                    folder + "/jvm.aot",
                    "/usr/lib/ringtap/bin/ringtap-cache, or ./ringtap --version in a checkout"));
        }
    }

    private static Optional<FileTime> modified(Machine machine, String path) {
        try {
            return Optional.of(Files.getLastModifiedTime(machine.file(path)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
