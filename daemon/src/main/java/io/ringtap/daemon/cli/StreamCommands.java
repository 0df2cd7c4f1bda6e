package io.ringtap.daemon.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.ringtap.daemon.cli.format.StreamTable;
import io.ringtap.daemon.cli.option.Argument;
import io.ringtap.daemon.cli.option.DaemonOptions;
import io.ringtap.daemon.config.value.StreamRate;
import io.ringtap.daemon.control.ControlException;
import io.ringtap.inject.config.Schedule;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** {@code ringtap stream}: lists, starts, stops and re-rates the streams of a running daemon. */
public final class StreamCommands implements Callable<Integer> {
    private final CommandSpec spec = RingtapCommand.spec(
            "stream", this, "Lists, starts, stops and re-rates the configured streams of a running daemon.");
    private final Argument<Boolean> json = Argument.inheritedFlag(
                    "--json", "One JSON object in a line, in place of the table.")
            .of(spec);
    private final DaemonOptions daemon = new DaemonOptions(spec);

    /** With all of its commands. */
    public StreamCommands() {
        spec.usageMessage().synopsisSubcommandLabel("COMMAND");
        spec.addSubcommand("list", list());
        spec.addSubcommand("rate", rate());
        spec.addSubcommand(
                "start",
                named(
                        "start",
                        "stream-start",
                        "Begins a stream anew, its count from 0. One that runs goes on as it is."));
        spec.addSubcommand("stop", named("stop", "stream-stop", "Ends a stream, until it is started again."));
    }

    CommandSpec spec() {
        return spec;
    }

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "a command is missing: list, start, stop or rate");
    }

    private CommandSpec list() {
        return RingtapCommand.spec(
                "list",
                () -> show("streams", new JsonObject()),
                "Lists the streams: their state, when frames fall due, and what was sent.");
    }

    private CommandSpec named(String command, String call, String description) {
        Argument<String> name = name();
        CommandSpec one = RingtapCommand.spec(command, () -> show(call, named(name.value())), description);
        name.of(one);
        return one;
    }

    private CommandSpec rate() {
        Argument<String> name = name();
        Argument<String> rate = Argument.parameter(
                1, String.class, "RATE", "Frames a second, such as 10kpps, bits at layer 2, such as 10Mbit/s, or max.");
        CommandSpec command = RingtapCommand.spec(
                "rate", () -> rate(name.value(), rate.value()), "Gives a stream another rate, until the daemon ends.");
        name.of(command);
        rate.of(command);
        return command;
    }

    private static Argument<String> name() {
        return Argument.parameter(0, String.class, "NAME", "The stream's name.");
    }

    private int rate(String name, String rate) throws ControlException {
        JsonObject fields = named(name);
        try {
            switch (StreamRate.parseAsked(rate)) {
                case Schedule.Rate frames -> fields.addProperty("rate_pps", frames.framesPerSecond());
                case Schedule.BitRate bits -> fields.addProperty("rate_bps", bits.bitsPerSecond());
                case Schedule.TopSpeed _ -> fields.addProperty("top_speed", true);
            }
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.subcommands().get("rate"), "RATE " + e.getMessage());
        }
        return show("stream-rate", fields);
    }

    private static JsonObject named(String name) {
        JsonObject fields = new JsonObject();
        fields.addProperty("stream", name);
        return fields;
    }

    private int show(String call, JsonObject fields) throws ControlException {
        JsonElement result = daemon.client().call(call, fields);
        daemon.print(json.value() ? result + "\n" : StreamTable.text(result));
        return ExitCode.DONE;
    }
}
