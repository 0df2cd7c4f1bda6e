package io.ringtap.daemon.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.ringtap.daemon.cli.option.Argument;
import io.ringtap.daemon.cli.option.DaemonOptions;
import io.ringtap.daemon.control.ControlClient;
import io.ringtap.daemon.control.ControlException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** {@code ringtap names}, which no help shows: what completions ask a running daemon for. One name a line. */
final class NamesCommand implements Callable<Integer> {
    /** Whoever waits has pressed Tab. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final CommandSpec spec = RingtapCommand.spec(
            "names", this, "Prints the names of a running daemon's captures, flight recorders, workers or streams.");
    private final Argument<String> of = Argument.parameter(
                    0, String.class, "WHAT", "captures, recorders, workers or streams.")
            .of(spec);
    private final DaemonOptions daemon = new DaemonOptions(spec);

    NamesCommand() {
        spec.usageMessage().hidden(true);
    }

    CommandSpec spec() {
        return spec;
    }

    @Override
    public Integer call() throws ControlException {
        String call = switch (of.value()) {
            case "captures", "workers" -> "stats";
            case "recorders" -> "dumps";
            case "streams" -> "streams";
            default ->
                throw new ParameterException(
                        spec.commandLine(),
                        "there are names of captures, recorders, workers and streams, not of " + of.value());
        };
        JsonElement answer = new ControlClient(daemon.socket(), PATIENCE).call(call, new JsonObject());
        daemon.print(names(DaemonOptions.field(answer, of.value())));
        return ExitCode.DONE;
    }

    /** A worker of several captures is there once for each. */
    private static String names(JsonElement all) {
        return StreamSupport.stream(all.getAsJsonArray().spliterator(), false)
                .map(one -> one.getAsJsonObject().get("name").getAsString() + "\n")
                .distinct()
                .collect(Collectors.joining());
    }
}
