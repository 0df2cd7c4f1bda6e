package io.ringtap.daemon.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.ringtap.daemon.cli.format.FlowsFormat;
import io.ringtap.daemon.cli.option.DaemonOptions;
import io.ringtap.daemon.control.ControlException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ringtap flows}: the largest flows of a running daemon, over all threads of its {@code flows} handlers. */
@Command(
        name = "flows",
        description = "Shows the flows with the most bytes or frames that a running daemon's flows handlers know of.")
public final class FlowsCommand implements Callable<Integer> {
    /** As many as a handler gives. */
    private static final int MOST_TOP = 1_000;

    /** The measures that flows are ordered by. */
    enum Measure {
        BYTES,
        FRAMES;

        private String field() {
            return name().toLowerCase(Locale.ROOT);
        }

        private long of(JsonElement flow) {
            return part(flow, "forward") + part(flow, "reverse");
        }

        private long part(JsonElement flow, String direction) {
            return flow.getAsJsonObject()
                    .getAsJsonObject(direction)
                    .get(field())
                    .getAsLong();
        }
    }

    @Option(names = "--json", description = "One JSON object in a line, in place of the table.")
    private boolean json;

    @Option(
            names = "--by",
            paramLabel = "MEASURE",
            defaultValue = "bytes",
            description = "What the largest are told by, bytes (on the link) or frames (default: ${DEFAULT-VALUE}).")
    private Measure by;

    @Option(
            names = "--top",
            paramLabel = "N",
            defaultValue = "20",
            description = "How many flows to show, 1 to 1000 (default: ${DEFAULT-VALUE}).")
    private int top;

    @Option(names = "--worker", paramLabel = "NAME", description = "Only what this worker's handlers know.")
    private Optional<String> worker;

    @Option(names = "--capture", paramLabel = "NAME", description = "Only this capture's flows.")
    private Optional<String> capture;

    @Mixin
    private DaemonOptions daemon;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws ControlException {
        if (top < 1 || top > MOST_TOP) {
            throw new ParameterException(spec.commandLine(), "--top: " + top + ": choose 1 to " + MOST_TOP);
        }
        JsonElement result = daemon.client().call("handlers", request());
        JsonArray answers = result.getAsJsonObject().getAsJsonArray("answers");
        if (answers.isEmpty()) {
            throw new ControlException(ControlException.Reason.FAILED, noHandler());
        }
        List<JsonElement> flows = largest(answers);
        long active = 0;
        for (JsonElement answer : answers) {
            active += answerOf(answer).get("active").getAsLong();
        }
        daemon.print(json ? json(flows, active) : FlowsFormat.text(flows, active));
        return ExitCode.DONE;
    }

    private JsonObject request() {
        JsonObject request = new JsonObject();
        request.addProperty("ask", "flows");
        request.addProperty("by", by.field());
        request.addProperty("top", top);
        worker.ifPresent(name -> request.addProperty("worker", name));
        capture.ifPresent(name -> request.addProperty("capture", name));
        return request;
    }

    private String noHandler() {
        String where = worker.map(name -> " in worker " + name).orElse("")
                + capture.map(name -> " on capture " + name).orElse("");
        return "the daemon at " + daemon.socket() + " keeps no flows" + where
                + ": give a worker a [[worker.handler]] with type = \"flows\"";
    }

    private List<JsonElement> largest(JsonArray answers) {
        List<JsonElement> flows = new ArrayList<>();
        answers.forEach(answer -> answerOf(answer).getAsJsonArray("flows").forEach(flows::add));
        flows.sort(Comparator.comparingLong(by::of).reversed());
        return flows.subList(0, Math.min(top, flows.size()));
    }

    private static JsonObject answerOf(JsonElement answer) {
        return answer.getAsJsonObject().getAsJsonObject("answer");
    }

    private static String json(List<JsonElement> flows, long active) {
        JsonArray array = new JsonArray();
        flows.forEach(array::add);
        JsonObject object = new JsonObject();
        object.addProperty("active", active);
        object.add("flows", array);
        return object + "\n";
    }
}
