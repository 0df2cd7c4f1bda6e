package io.ringtap.readme;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;

/**
 * A folder in which bash runs the README's lines as in a checkout, except that the classes under test stand for {@code
 * daemon/target/lib/*}, that nothing is built, and that {@code sudo} is left out.
 */
final class ReadmeFolder {
    static final String CLASS_PATH =
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));

    private static final int MOST_PROGRAM_LINES = 31;
    private static final Path JAVA_BIN = Path.of(System.getProperty("java.home"), "bin");

    private final Path folder;

    private ReadmeFolder(Path folder, String launch) throws IOException {
        this.folder = folder;
        Path options = Path.of("systemd", "jvm.options");
        Files.createDirectory(folder.resolve("systemd"));
        Files.copy(Readme.ROOT.resolve(options), folder.resolve(options));
        Path launcher = folder.resolve("ringtap");
        Files.writeString(launcher, "#!/usr/bin/env bash\n" + launch + "\n");
        Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** With a launcher that starts ringtap. */
    static ReadmeFolder in(Path folder) throws IOException {
        return new ReadmeFolder(
                folder,
                "exec java @systemd/jvm.options -XX:TieredStopAtLevel=1 -cp '" + CLASS_PATH
                        + "'\"${RINGTAP_CLASSPATH:+:$RINGTAP_CLASSPATH}\" io.ringtap.daemon.Main \"$@\"");
    }

    /** With a launcher that only prints its arguments, one a line. */
    static ReadmeFolder ofArguments(Path folder) throws IOException {
        return new ReadmeFolder(folder, "printf '%s\\n' \"$@\"");
    }

    /** Writes a block to its file. */
    Path write(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }

    /** Writes the handlers' sources, and compiles them as the README says, with every warning an error. */
    void compileHandlers() throws IOException, InterruptedException {
        for (String handler : Readme.handlers()) {
            write(Readme.className(handler) + ".java", handler);
        }
        run(Readme.shellLine("^javac ").replaceFirst("^javac ", "javac -Xlint:all -Werror -proc:none "));
    }

    /** Writes a program's source, which must be short, and compiles it with every warning an error. */
    void compileProgram(String name) throws IOException, InterruptedException {
        String program = Readme.program(name);
        assertTrue(program.lines().count() <= MOST_PROGRAM_LINES, name);
        write(name + ".java", program);
        run("javac -Xlint:all -Werror -proc:none -d compiled -cp 'daemon/target/lib/*' " + name + ".java");
    }

    /** Starts a line; its output goes to a file, its process id is that of what the line starts. */
    Process start(String line, Path output) throws IOException {
        String command = line.replaceFirst("^sudo ", "").replace("daemon/target/lib/*", CLASS_PATH);
        ProcessBuilder builder = new ProcessBuilder("bash", "-c", "exec env " + command)
                .directory(folder.toFile())
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(Redirect.to(output.toFile()));
        builder.environment().merge("PATH", JAVA_BIN.toString(), (path, java) -> java + ":" + path);
        return builder.start();
    }

    /** Runs a line to its end, and gives what it printed; fails if it fails. */
    String run(String line) throws IOException, InterruptedException {
        Path output = Files.createTempFile(folder, "output", ".txt");
        Process process = start(line, output);
        boolean ended = process.waitFor(2, TimeUnit.MINUTES); // else it hangs
        process.destroyForcibly();
        String printed = Files.readString(output, StandardCharsets.UTF_8);
        if (!ended || process.exitValue() != 0) {
            throw new AssertionError(line + "\n" + printed);
        }
        return printed;
    }
}
