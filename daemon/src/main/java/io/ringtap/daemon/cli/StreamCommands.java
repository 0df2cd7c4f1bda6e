package io.ringtap.daemon.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.ringtap.daemon.cli.format.StreamTable;
import io.ringtap.daemon.cli.option.DaemonOptions;
import io.ringtap.daemon.config.value.StreamRate;
import io.ringtap.daemon.control.ControlException;
import io.ringtap.inject.config.Schedule;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code ringtap stream}: lists, starts, stops and re-rates the streams of a running daemon. */
@Command(
        name = "stream",
        description = "Lists, starts, stops and re-rates the configured streams of a running daemon.",
        synopsisSubcommandLabel = "COMMAND")
public final class StreamCommands implements Runnable {
    @Option(
            names = "--json",
            scope = ScopeType.INHERIT,
            description = "One JSON object in a line, in place of the table.")
    private boolean json;

    @Mixin
    private DaemonOptions daemon;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing: list, start, stop or rate");
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            versionProvider = VersionProvider.class,
            description = "Lists the streams: their state, when frames fall due, and what was sent.")
    int list() throws ControlException {
        return show("streams", new JsonObject());
    }

    @Command(
            name = "start",
            mixinStandardHelpOptions = true,
            versionProvider = VersionProvider.class,
            description = "Begins a stream anew, its count from 0. One that runs goes on as it is.")
    int start(@Parameters(paramLabel = "NAME", description = "The stream's name.") String name)
            throws ControlException {
        return show("stream-start", named(name));
    }

    @Command(
            name = "stop",
            mixinStandardHelpOptions = true,
            versionProvider = VersionProvider.class,
            description = "Ends a stream, until it is started again.")
    int stop(@Parameters(paramLabel = "NAME", description = "The stream's name.") String name) throws ControlException {
        return show("stream-stop", named(name));
    }

    @Command(
            name = "rate",
            mixinStandardHelpOptions = true,
            versionProvider = VersionProvider.class,
            description = "Gives a stream another rate, until the daemon ends.")
    int rate(
            @Parameters(index = "0", paramLabel = "NAME", description = "The stream's name.") String name,
            @Parameters(
                            index = "1",
                            paramLabel = "RATE",
                            description = "Frames a second, such as 10kpps, bits at layer 2, such as 10Mbit/s, or max.")
                    String rate)
            throws ControlException {
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
        daemon.print(json ? result + "\n" : StreamTable.text(result));
        return ExitCode.DONE;
    }
}
