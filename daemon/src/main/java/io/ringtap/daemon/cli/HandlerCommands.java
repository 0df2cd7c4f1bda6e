package io.ringtap.daemon.cli;

import io.ringtap.capture.OpenException;
import io.ringtap.capture.OpenException.Reason;
import io.ringtap.daemon.cli.option.Argument;
import io.ringtap.daemon.plugin.HandlerProject;
import io.ringtap.handler.BuiltInHandlers;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** {@code ringtap handler}: begins a handler of one's own. */
final class HandlerCommands implements Callable<Integer> {
    private final CommandSpec spec =
            RingtapCommand.spec("handler", this, "Begins a handler of your own: what one needs to write a plug-in.");
    private final Argument<String> name =
            Argument.parameter(0, String.class, "NAME", "The handler type's name, such as my-handler.");
    private final Argument<String> packageName = Argument.option(
            "--package", "org.example", String.class, "NAME", "The package of its classes; org.example by default.");
    private final Argument<Path> folder = Argument.option(
            Path.class,
            "FOLDER",
            "Where to put it: a folder that is new, or empty; ./NAME by default.",
            "-o",
            "--output");

    HandlerCommands() {
        CommandSpec command = RingtapCommand.spec(
                "new",
                this::make,
                "Writes a Maven project of a plug-in: a handler, its test by the test kit, and what makes it a plug-in.",
                "Needs no network; what Maven does to build it may.");
        name.of(command);
        packageName.of(command);
        folder.of(command);
        spec.usageMessage().synopsisSubcommandLabel("COMMAND");
        spec.addSubcommand("new", command);
    }

    CommandSpec spec() {
        return spec;
    }

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "a command is missing: new");
    }

    private int make() throws OpenException {
        Path target = folder.given().orElseGet(() -> Path.of(name.value()));
        try {
            HandlerProject project =
                    new HandlerProject(name.value(), packageName.value(), BuiltInHandlers.BY_TYPE.keySet());
            if (!isFree(target)) {
                throw new IllegalArgumentException(target + " is there, and not empty: name another folder by -o");
            }
            project.write(target);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.subcommands().get("new"), e.getMessage());
        } catch (IOException e) {
            throw new OpenException(
                    Reason.OTHER, "handler new: cannot write to " + target + ": " + e + ": name another folder by -o");
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println("made " + target + "; to test, build and run it:");
        out.println("    mvn -f " + target + " package");
        out.println("    ringtap run -i INTERFACE --plugins " + target.resolve("target") + " --set worker.handler.type="
                + name.value());
        out.flush();
        return ExitCode.DONE;
    }

    private static boolean isFree(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return Files.notExists(folder);
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.findAny().isEmpty();
        }
    }
}
