package io.ringtap.daemon.cli;

import io.ringtap.capture.OpenException;
import io.ringtap.capture.pcap.PcapDevice;
import io.ringtap.capture.pcap.PcapDevices;
import io.ringtap.daemon.cli.option.Argument;
import io.ringtap.daemon.config.value.Quoted;
import io.ringtap.daemon.config.value.Suggestion;
import io.ringtap.daemon.reference.FittingFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** {@code ringtap config}: writes a configuration to begin with. */
final class ConfigCommands implements Callable<Integer> {
    private final CommandSpec spec = RingtapCommand.spec("config", this, "Writes a configuration to begin with.");
    private final CommandSpec init = RingtapCommand.spec(
            "init",
            this::init,
            "Writes a configuration that captures an interface, with a comment on each key. What does not have its default is"
                    + " what fits this machine better, with the reason: the kernel's ring by its memory, the worker's"
                    + " threads by its processors.");
    private final Argument<String> interfaceName = Argument.requiredOption(
                    String.class, "INTERFACE", "The interface to capture.", "-i", "--interface")
            .of(init);
    private final Argument<Path> output = Argument.option(
                    Path.class,
                    "FILE",
                    "The file to write, which must not exist; standard output by default.",
                    "-o",
                    "--output")
            .of(init);

    ConfigCommands() {
        spec.usageMessage().synopsisSubcommandLabel("COMMAND");
        spec.addSubcommand("init", init);
    }

    CommandSpec spec() {
        return spec;
    }

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "a command is missing: init");
    }

    private Integer init() throws OpenException, IOException {
        String name = interfaceName.value();
        checkInterface(name);
        String text = FittingFile.text(name, FittingFile.Machine.here());
        PrintWriter out = init.commandLine().getOut();
        Optional<Path> file = output.given();
        if (file.isPresent()) {
            write(file.get(), text);
            out.println(file.get() + ": written; ringtap run --config " + file.get() + " uses it");
        } else {
            out.print(text);
        }
        out.flush();
        return ExitCode.DONE;
    }

    private void checkInterface(String name) throws OpenException {
        List<PcapDevice> devices = PcapDevices.list();
        List<String> names = devices.stream()
                .flatMap(device -> Stream.concat(Stream.of(device.name()), device.alternativeNames().stream()))
                .toList();
        if (!names.contains(name)) {
            String hint = Suggestion.hint(name, names);
            String others = devices.isEmpty() ? "" : ": there is " + String.join(", ", names);
            throw refusal("there is no interface " + Quoted.of(name) + (hint.isEmpty() ? others : hint));
        }
    }

    private void write(Path file, String text) throws IOException {
        try {
            Files.writeString(file, text, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        } catch (FileAlreadyExistsException _) {
            throw refusal(file + " exists, and is left as it is: give another file");
        } catch (NoSuchFileException _) {
            throw refusal(file + " cannot be written: there is no such folder");
        } catch (AccessDeniedException _) {
            throw refusal(file + " cannot be written: no permission");
        }
    }

    private ParameterException refusal(String why) {
        return new ParameterException(init.commandLine(), why);
    }
}
