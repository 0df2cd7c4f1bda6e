package io.ringtap.daemon.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.ringtap.capture.DiskFault;
import io.ringtap.daemon.cli.format.TextTable;
import io.ringtap.daemon.cli.option.Argument;
import io.ringtap.daemon.cli.option.DaemonOptions;
import io.ringtap.daemon.config.value.TimeSpan;
import io.ringtap.daemon.control.ControlClient;
import io.ringtap.daemon.control.ControlException;
import io.ringtap.daemon.control.ControlException.Reason;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** {@code ringtap dump}: has a flight recorder of a running daemon write what it holds, and waits until that is a file. */
final class DumpCommand implements Callable<Integer> {
    /** For a disk that is full and a sync, beside the time that a dump goes on. */
    private static final Duration SLACK = Duration.ofMinutes(5);

    private static final Duration LOOK = Duration.ofMillis(100);

    private final CommandSpec spec = RingtapCommand.spec(
            "dump",
            this,
            "Has a flight recorder of a running daemon write the frames that it holds, and those of its time `after`, to a file"
                    + " of its folder, and waits for it. Ctrl-C ends the wait alone.",
            "Says where the file is. Exit code 1 if frames are missing in it.");
    private final Argument<String> name = Argument.parameter(0, String.class, "NAME", "The flight recorder's name.")
            .of(spec);
    private final Argument<String> before = Argument.option(
                    String.class,
                    "TIME",
                    "How long back, such as 30s; by default as long as the flight recorder has it.",
                    "--before")
            .of(spec);
    private final Argument<String> capture = Argument.option(String.class, "NAME", "Only of this capture.", "--capture")
            .of(spec);
    private final Argument<String> reason = Argument.option(
                    String.class, "TEXT", "Told in the file, with the user and the time.", "--reason")
            .of(spec);
    private final Argument<Path> copy = Argument.option(
                    Path.class, "FILE", "Copies the file there when it is whole.", "-w", "--write")
            .of(spec);
    private final Argument<Boolean> json = Argument.flag("--json", "One JSON object in a line, in place of words.")
            .of(spec);
    private final DaemonOptions daemon = new DaemonOptions(spec);

    CommandSpec spec() {
        return spec;
    }

    @Override
    public Integer call() throws ControlException, InterruptedException, IOException {
        JsonObject request = request();
        ControlClient client = daemon.client();
        refuseCopyOfSeveral(client);
        JsonElement begun = client.call("dump", request);
        List<JsonObject> dumps = await(client, begun);
        JsonArray all = new JsonArray();
        dumps.forEach(all::add);
        JsonObject result = new JsonObject();
        result.add("dumps", all);
        if (json.value()) {
            daemon.print(result + "\n");
        } else {
            dumps.forEach(dump -> daemon.print(text(dump) + "\n"));
        }
        boolean copied = copy.given().isEmpty() || copy(dumps.getFirst(), copy.value());
        return copied && dumps.stream().allMatch(DumpCommand::isWhole) ? ExitCode.DONE : ExitCode.FAILED;
    }

    private JsonObject request() {
        JsonObject request = new JsonObject();
        request.addProperty("recorder", name.value());
        capture.given().ifPresent(of -> request.addProperty("capture", of));
        reason.given().ifPresent(text -> request.addProperty("reason", text));
        try {
            before.given()
                    .ifPresent(time -> request.addProperty(
                            "before_seconds", TimeSpan.parseSeconds(time).toNanos() / 1e9));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--before " + e.getMessage(), e);
        }
        return request;
    }

    private void refuseCopyOfSeveral(ControlClient client) throws ControlException {
        if (copy.given().isEmpty() || capture.given().isPresent()) {
            return;
        }
        Set<String> captures = new TreeSet<>();
        for (JsonElement each :
                DaemonOptions.field(client.call("dumps"), "recorders").getAsJsonArray()) {
            if (field(each, "name").getAsString().equals(name.value())) {
                captures.add(field(each, "capture").getAsString());
            }
        }
        if (captures.size() > 1) {
            throw new ParameterException(
                    spec.commandLine(),
                    "-w takes one file, and " + name.value() + " is on the captures " + String.join(", ", captures)
                            + ": choose one by --capture");
        }
    }

    private List<JsonObject> await(ControlClient client, JsonElement begun)
            throws ControlException, InterruptedException {
        Set<Long> ids = new TreeSet<>();
        for (JsonElement dump : field(begun, "dumps").getAsJsonArray()) {
            ids.add(field(dump, "id").getAsLong());
        }
        double after = field(begun, "after_seconds").getAsDouble();
        long start = System.nanoTime();
        long deadline = start + (long) (after * 1e9) + SLACK.toNanos();
        try (ProgressLine _ = ProgressLine.begin(() -> left(after, start))) {
            while (true) {
                List<JsonObject> dumps = dumps(client, ids);
                if (dumps.stream().noneMatch(dump -> state(dump).equals("running"))) {
                    return dumps;
                }
                if (System.nanoTime() - deadline > 0) {
                    throw new ControlException(
                            Reason.FAILED,
                            "the dump is not over in time: see the daemon's log (journalctl -u ringtap)");
                }
                Thread.sleep(LOOK);
            }
        }
    }

    private static String left(double afterSeconds, long startNanos) {
        long left = Math.round(afterSeconds - (System.nanoTime() - startNanos) / 1e9);
        return left > 0 ? "frames still come for " + left + " s" : "writing";
    }

    private static List<JsonObject> dumps(ControlClient client, Set<Long> ids) throws ControlException {
        List<JsonObject> dumps = new ArrayList<>();
        for (JsonElement each : field(client.call("dumps"), "dumps").getAsJsonArray()) {
            if (ids.contains(field(each, "id").getAsLong())) {
                dumps.add(each.getAsJsonObject());
            }
        }
        if (dumps.size() < ids.size()) {
            throw new ControlException(Reason.FAILED, "the daemon knows no more of the dump: see its log");
        }
        return dumps;
    }

    private static JsonElement field(JsonElement answer, String name) throws ControlException {
        return DaemonOptions.field(answer, name);
    }

    private static String state(JsonObject dump) {
        return dump.get("state").getAsString();
    }

    private static boolean isWhole(JsonObject dump) {
        return state(dump).equals("done") && dump.get("missed").getAsLong() == 0;
    }

    private static String text(JsonObject dump) {
        long missed = dump.get("missed").getAsLong();
        long lost = dump.get("lost").getAsLong();
        String where = dump.has("file")
                ? dump.get("file").getAsString()
                : "no file of capture " + dump.get("capture").getAsString();
        return where + ": " + TextTable.count(dump.get("frames").getAsLong()) + " frames"
                + (missed > 0
                        ? "; " + TextTable.count(missed)
                                + " are missing: no memory was free while the disk was slow: give the"
                                + " flight recorder more, or a faster disk"
                        : "")
                + (lost > 0
                        ? "; " + TextTable.count(lost) + " are missing: the disk did not take them: see the log"
                        : "")
                + (state(dump).equals("failed") && lost == 0 ? "; it could not be finished: see the daemon's log" : "");
    }

    private boolean copy(JsonObject dump, Path target) {
        if (!dump.has("file")) {
            return true; // no frame, or told above
        }
        Path file = Path.of(dump.get("file").getAsString());
        try (OutputStream out = Files.newOutputStream(target)) {
            Files.copy(file, out);
            return true;
        } catch (IOException e) {
            spec.commandLine()
                    .getErr()
                    .println("ringtap: cannot copy " + file + " to " + target + ": " + DiskFault.reason(e)
                            + ": the dump stays where it is");
            return false;
        }
    }
}
