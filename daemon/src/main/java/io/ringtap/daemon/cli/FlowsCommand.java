package io.ringtap.daemon.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.ringtap.daemon.cli.format.FlowsCsv;
import io.ringtap.daemon.cli.format.FlowsFormat;
import io.ringtap.daemon.cli.option.Argument;
import io.ringtap.daemon.cli.option.DaemonOptions;
import io.ringtap.daemon.cli.option.WatchOptions;
import io.ringtap.daemon.control.ControlClient;
import io.ringtap.daemon.control.ControlException;
import io.ringtap.handler.flows.FlowFilter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** {@code ringtap flows}: the largest flows of a running daemon, over all threads of its {@code flows} handlers. */
public final class FlowsCommand implements Callable<Integer> {
    /** As many as a handler gives. */
    private static final int MOST_TOP = 1_000;

    /** The measures that flows are ordered by. */
    enum Measure {
        BYTES,
        FRAMES,
        BPS,
        PPS;

        private String field() {
            return name().toLowerCase(Locale.ROOT);
        }

        private long of(JsonElement flow) {
            return switch (this) {
                case BYTES, FRAMES -> part(flow, "forward") + part(flow, "reverse");
                case BPS, PPS -> part(flow, "rate");
            };
        }

        private long part(JsonElement flow, String of) {
            return flow.getAsJsonObject().getAsJsonObject(of).get(field()).getAsLong();
        }
    }

    private final CommandSpec spec = RingtapCommand.spec(
            "flows",
            this,
            "Shows the flows with the most bytes or frames, or the fastest, that a running daemon's flows handlers know of.");
    private final Argument<Boolean> json = Argument.flag("--json", "One JSON object in a line, in place of the table.")
            .of(spec);
    private final Argument<Boolean> csv = Argument.flag(
                    "--csv", "A line of comma-separated values for each flow, behind one of names.")
            .of(spec);
    private final Argument<Measure> by = Argument.option(
                    "--by",
                    "bytes",
                    Measure.class,
                    "MEASURE",
                    "What the largest are told by: bytes (on the link) or frames, or how many bits (bps) or frames (pps) a second there"
                            + " were in the last seconds (default: ${DEFAULT-VALUE}).")
            .of(spec);
    private final Argument<Integer> top = Argument.option(
                    "--top", "20", int.class, "N", "How many flows to show, 1 to 1000 (default: ${DEFAULT-VALUE}).")
            .of(spec);
    private final Argument<String> worker = Argument.option(
                    String.class, "NAME", "Only what this worker's handlers know.", "--worker")
            .of(spec);
    private final Argument<String> capture = Argument.option(
                    String.class, "NAME", "Only this capture's flows.", "--capture")
            .of(spec);
    private final Argument<String> filter = Argument.option(
                    String.class,
                    "EXPRESSION",
                    "Only flows that pass, such as 'net 10.0.0.0/8 and not port 53': host, net, port, portrange, with src or dst, vlan,"
                            + " tunnel, ip, ip6, protocols; and, or, not, brackets.",
                    "--filter")
            .of(spec);
    private final WatchOptions watch = WatchOptions.of(spec);
    private final DaemonOptions daemon = new DaemonOptions(spec);

    /** What it takes. */
    public CommandSpec spec() {
        return spec;
    }

    @Override
    public Integer call() throws ControlException {
        if (top.value() < 1 || top.value() > MOST_TOP) {
            throw new ParameterException(spec.commandLine(), "--top: " + top.value() + ": choose 1 to " + MOST_TOP);
        }
        if (json.value() && csv.value()) {
            throw new ParameterException(spec.commandLine(), "--json and --csv exclude each other");
        }
        try {
            FlowFilter.parse(filter.given().orElse(""));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--" + e.getMessage(), e);
        }
        ControlClient client = daemon.client();
        boolean[] named = {false};
        watch.print(
                () -> {
                    String text = text(client.call("handlers", request()), !named[0]);
                    named[0] = true;
                    return text;
                },
                !json.value() && !csv.value());
        return ExitCode.DONE;
    }

    private String text(JsonElement result, boolean first) throws ControlException {
        JsonArray answers = result.getAsJsonObject().getAsJsonArray("answers");
        if (answers.isEmpty()) {
            throw new ControlException(ControlException.Reason.FAILED, noHandler());
        }
        List<JsonElement> flows = largest(answers);
        if (csv.value()) {
            return FlowsCsv.text(flows, first);
        }
        long active = 0;
        for (JsonElement answer : answers) {
            active += answerOf(answer).get("active").getAsLong();
        }
        return json.value() ? json(flows, active) : FlowsFormat.text(flows, active);
    }

    private JsonObject request() {
        JsonObject request = new JsonObject();
        request.addProperty("ask", "flows");
        request.addProperty("by", by.value().field());
        request.addProperty("top", top.value());
        filter.given().ifPresent(expression -> request.addProperty("filter", expression));
        worker.given().ifPresent(name -> request.addProperty("worker", name));
        capture.given().ifPresent(name -> request.addProperty("capture", name));
        return request;
    }

    private String noHandler() {
        String where = worker.given().map(name -> " in worker " + name).orElse("")
                + capture.given().map(name -> " on capture " + name).orElse("");
        return "the daemon at " + daemon.socket() + " keeps no flows" + where
                + ": give a worker a [[worker.handler]] with type = \"flows\"";
    }

    private List<JsonElement> largest(JsonArray answers) {
        List<JsonElement> flows = new ArrayList<>();
        answers.forEach(answer -> answerOf(answer).getAsJsonArray("flows").forEach(flows::add));
        flows.sort(Comparator.comparingLong(by.value()::of).reversed());
        return flows.subList(0, Math.min(top.value(), flows.size()));
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
