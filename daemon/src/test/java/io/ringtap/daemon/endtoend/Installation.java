package io.ringtap.daemon.endtoend;

import io.ringtap.testnet.VethPair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the program is.
 *
 * @param options the JVM's options, as the service gives them
 * @param moreOptions further ones
 * @param classPath jars and folders, this module's tests among them: handlers by class name come from there
 */
record Installation(Path options, List<String> moreOptions, String classPath) {
    /** What this test runs with. */
    static Installation here() {
        return new Installation(
                Path.of("..", "systemd", "jvm.options").toAbsolutePath().normalize(),
                List.of(),
                System.getProperty("java.class.path"));
    }

    /** A copy that every user may read: a checkout and Maven's repository often lie in a closed home folder. */
    static Installation copiedTo(Path folder) throws IOException {
        VethPair.run("chmod", "755", folder.toString());
        List<String> copies = new ArrayList<>();
        for (String part : here().classPath().split(":", -1)) {
            if (!part.isEmpty() && Files.exists(Path.of(part))) {
                String copy = folder.resolve(copies.size() + "-" + Path.of(part).getFileName())
                        .toString();
                VethPair.run("cp", "-r", part, copy);
                copies.add(copy);
            }
        }
        Path options = Files.copy(here().options(), folder.resolve("jvm.options"));
        VethPair.run("chmod", "-R", "a+rX", folder.toString());
        return new Installation(options, List.of(), String.join(":", copies));
    }

    /** The command that starts it, as the launcher does. */
    List<String> java() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("@" + options);
        command.addAll(moreOptions);
        command.addAll(List.of("-cp", classPath, "io.ringtap.daemon.Main"));
        return command;
    }

    Installation with(String option) {
        return new Installation(options, List.of(option), classPath);
    }
}
