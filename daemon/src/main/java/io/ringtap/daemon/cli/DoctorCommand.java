package io.ringtap.daemon.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.ringtap.daemon.DaemonConfig;
import io.ringtap.daemon.cli.format.DoctorReport;
import io.ringtap.daemon.cli.option.Argument;
import io.ringtap.daemon.cli.option.ConfigOptions;
import io.ringtap.daemon.doctor.Doctor;
import io.ringtap.daemon.doctor.Finding;
import io.ringtap.daemon.doctor.Finding.Severity;
import io.ringtap.daemon.doctor.Tune;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code ringtap doctor}. */
final class DoctorCommand implements Callable<Integer> {
    private final CommandSpec spec = RingtapCommand.spec(
            "doctor",
            this,
            "Looks at this machine for what will lose frames of a configuration, may, or surprises: each with what comes of"
                    + " it, where it was seen, and the command or key that cures it. Changes nothing, but for --fix; where the"
                    + " configuration records, it writes to the disk for a second. Best run as root, who may read all.",
            "Exit code 1 if something will lose frames.");
    private final ConfigOptions options = new ConfigOptions(spec);
    private final Argument<Boolean> json = Argument.flag("--json", "One JSON object in a line, in place of text.")
            .of(spec);
    private final Argument<Boolean> fix = Argument.flag(
                    "--fix",
                    "Cure what can be put back: offloads off, the card's receive ring at its largest, as ringtap-tune does"
                            + " it. Says what it did, and how to undo it.")
            .of(spec);

    CommandSpec spec() {
        return spec;
    }

    /** What was done about an interface, and how to take it back. */
    private record Fixed(String interfaceName, List<String> lines, String undo) {}

    @Override
    public Integer call() throws Exception {
        ConfigOptions.Source source = options.source();
        DaemonConfig config = source.readFirst();
        Optional<Path> file = source.configuration().interfaceName().isPresent()
                ? Optional.empty()
                : source.configuration().file();
        List<Finding> found = new Doctor().examine(config, file);
        List<Fixed> fixed = new ArrayList<>();
        if (fix.value() && !Tune.curable(found).isEmpty()) {
            fixed = fix(Tune.curable(found));
            found = new Doctor().examine(config, file);
        }
        PrintWriter out = spec.commandLine().getOut();
        out.print(json.value() ? json(found, fixed) + "\n" : text(fixed) + DoctorReport.text(found));
        out.flush();
        boolean loses = found.stream().anyMatch(finding -> finding.severity() == Severity.LOSS);
        return loses ? ExitCode.FAILED : ExitCode.DONE;
    }

    private static List<Fixed> fix(List<String> interfaces) throws IOException, InterruptedException {
        Tune tune = Tune.find()
                .orElseThrow(
                        () -> new IOException(
                                "--fix: there is no ringtap-tune beside ringtap's jars: install it, or follow the cures by hand"));
        List<Fixed> fixed = new ArrayList<>();
        for (String name : interfaces) {
            Tune.Result result = tune.apply(name);
            fixed.add(new Fixed(name, result.lines(), result.done() ? tune.undo(name) : ""));
        }
        return fixed;
    }

    private static String text(List<Fixed> fixed) {
        StringBuilder text = new StringBuilder();
        for (Fixed one : fixed) {
            one.lines().forEach(line -> text.append("fixed ").append(line).append('\n'));
            text.append("undo  ").append(one.undo()).append("\n\n");
        }
        return text.toString();
    }

    private static JsonObject json(List<Finding> found, List<Fixed> fixed) {
        JsonObject whole = DoctorReport.json(found);
        JsonArray all = new JsonArray();
        for (Fixed one : fixed) {
            JsonObject object = new JsonObject();
            object.addProperty("interface", one.interfaceName());
            JsonArray lines = new JsonArray();
            one.lines().forEach(lines::add);
            object.add("changes", lines);
            object.addProperty("undo", one.undo());
            all.add(object);
        }
        whole.add("fixed", all);
        return whole;
    }
}
