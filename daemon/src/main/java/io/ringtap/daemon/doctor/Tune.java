package io.ringtap.daemon.doctor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Cures what can be put back: has {@code ringtap-tune} set an interface up for capturing. */
public final class Tune {
    private final Path script;

    Tune(Path script) {
        this.script = script;
    }

    /** What was done about an interface; {@code lines} have a change each. */
    public record Result(boolean done, List<String> lines) {}

    /** Returns the one beside these jars, installed or in a checkout; absent if there is none. */
    public static Optional<Tune> find() {
        return new KernelAnswers()
                .jars().stream()
                        .flatMap(jars ->
                                Stream.of(jars.resolve("../bin/ringtap-tune"), jars.resolve("../../../systemd/tune")))
                        .map(Path::normalize)
                        .filter(Files::isExecutable)
                        .findFirst()
                        .map(Tune::new);
    }

    /** Returns the interfaces with a finding that it cures. */
    public static List<String> curable(List<Finding> found) {
        return found.stream()
                .filter(finding -> finding.check().equals(LinkChecks.RECEIVE_RING)
                        || finding.check().equals(LinkChecks.OFFLOADS))
                .map(Finding::subject)
                .distinct()
                .toList();
    }

    /** Sets an interface up; what was there before is kept, for {@link #undo}. */
    public Result apply(String interfaceName) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(script.toString(), "apply", interfaceName)
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        return new Result(process.waitFor() == 0, lines);
    }

    /** Returns the command that puts back what there was. */
    public String undo(String interfaceName) {
        return script + " restore " + interfaceName;
    }
}
