package io.ringtap.daemon.cli.option;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.ringtap.daemon.control.ControlClient;
import io.ringtap.daemon.control.ControlException;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** The running daemon that a command asks. RingtapCommand tells what it refuses. */
public final class DaemonOptions {
    private final Argument<Path> socket = Argument.inheritedOption(
            "--socket",
            ControlClient.DEFAULT_SOCKET,
            Path.class,
            "PATH",
            "The daemon's control socket (default: ${DEFAULT-VALUE}).");

    private final CommandSpec command;

    /** Has the command take them. */
    public DaemonOptions(CommandSpec command) {
        this.command = command;
        socket.of(command);
    }

    /** Returns where the daemon's control socket is. */
    public Path socket() {
        return socket.value();
    }

    /** Returns a client of that socket, which has not connected yet. */
    public ControlClient client() {
        if (socket().toString().isEmpty()) {
            throw new ParameterException(command.commandLine(), "--socket must not be empty");
        }
        return new ControlClient(socket());
    }

    /** Prints what came of an answer. */
    public void print(String text) {
        command.commandLine().getOut().print(text);
        command.commandLine().getOut().flush();
    }

    /** A field that an answer must have. */
    public static JsonElement field(JsonElement answer, String name) throws ControlException {
        if (answer instanceof JsonObject object && object.has(name)) {
            return object.get(name);
        }
        throw new ControlException(
                ControlException.Reason.FAILED, "the daemon's answer cannot be read: use the ringtap of its version");
    }
}
