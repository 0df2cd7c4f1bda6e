package io.ringtap.readme;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capture.SpillConfig;
import io.ringtap.capture.WorkerConfig;
import io.ringtap.capture.pcap.PcapFilter;
import io.ringtap.capturefile.PcapWriter;
import io.ringtap.capturefile.SampleFrames;
import io.ringtap.daemon.DaemonConfig;
import io.ringtap.daemon.cli.RingtapCommand;
import io.ringtap.daemon.cli.StopSignal;
import io.ringtap.daemon.config.ConfigReader;
import io.ringtap.daemon.config.ConfigSource;
import io.ringtap.handler.BuiltInHandlers;
import io.ringtap.inject.config.InjectConfig;
import io.ringtap.inject.config.Schedule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteOrder;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ReadmeTest {
    private static final int MOST_HANDLER_LINES = 40;
    private static final int MOST_LINES = 200;
    private static final int COLUMNS = 120;

    @TempDir
    private Path folder;

    @Test
    void shouldShowHandlersThatAreShort() {
        assertEquals(
                List.of("TopTalkers", "ArpResponder", "VlanCount"),
                Readme.handlers().stream().map(Readme::className).toList());
        for (String handler : Readme.handlers()) {
            long lines = handler.lines().count();
            assertTrue(lines <= MOST_HANDLER_LINES, Readme.className(handler) + " has " + lines + " lines");
        }
    }

    @Test
    void shouldShowHandlersThatCompileWithoutAWarningAndAConfigurationThatTakesThem() throws Exception {
        ReadmeFolder checkout = ReadmeFolder.in(folder);
        checkout.compileHandlers();
        checkout.write("handlers.toml", Readme.configurationWith("org.example.ArpResponder"));
        String check = Readme.shellLine(" run --config handlers.toml").replace("run --config", "check-config");
        String said = checkout.run(check);
        assertTrue(said.contains("handlers.toml"), said);
    }

    @Test
    void shouldShowAConfigurationThatIsValidAndSaysWhatTheTextSays() throws Exception {
        Path file = Files.writeString(
                folder.resolve("ringtap.toml"), Readme.blocks("toml").getFirst());
        DaemonConfig config =
                new ConfigReader(PcapFilter::problem, BuiltInHandlers.BY_TYPE).read(ConfigSource.file(file));
        assertEquals("not port 22", config.captures().getFirst().filter());
        assertEquals(2, config.workers().getFirst().threads());
        assertEquals(2, config.workers().getFirst().handlers().size());
        assertEquals(
                new Schedule.EveryFrames(100_000, "uplink"),
                config.injects().getFirst().schedule());
        assertEquals(11, Readme.blocks("toml").size(), "each configuration in the documents has a test");
    }

    @Test
    void shouldShowASlowWorkerApartFromTheOthers() throws Exception {
        Path file = Files.writeString(folder.resolve("ringtap.toml"), Readme.configurationWith("\"inspect\""));
        List<WorkerConfig> workers = new ConfigReader(PcapFilter::problem, BuiltInHandlers.BY_TYPE)
                .read(ConfigSource.file(file))
                .workers();
        assertEquals(WorkerConfig.Delivery.IN_PLACE, workers.getFirst().delivery());
        WorkerConfig worker = workers.getLast();
        assertEquals(WorkerConfig.Delivery.DETACH, worker.delivery());
        assertEquals(64 << 20, worker.queueBytes());
        assertEquals(0.01, worker.sample());
        assertEquals("udp port 53", worker.handlers().getFirst().filter());
    }

    @Test
    void shouldShowAWorkerThatSpillsAndOneOnRecordings() throws Exception {
        ConfigReader reader = new ConfigReader(PcapFilter::problem, BuiltInHandlers.BY_TYPE);
        Path spilling = Files.writeString(folder.resolve("spill.toml"), Readme.configurationWith("\"20 GiB\""));
        WorkerConfig worker = reader.read(ConfigSource.file(spilling)).workers().getFirst();
        assertEquals(64 << 20, worker.queueBytes());
        assertEquals(
                new SpillConfig(20L << 30, Path.of("/var/lib/ringtap"), true),
                worker.spill().orElseThrow());
        Path again = Files.writeString(folder.resolve("again.toml"), Readme.configurationWith("\"again\""));
        assertEquals(
                "/var/lib/ringtap/recorder-*.pcapng",
                reader.read(ConfigSource.file(again))
                        .captures()
                        .getFirst()
                        .origin()
                        .label());
    }

    /** It names a worker alone; a capture comes from the command line. */
    @Test
    void shouldShowATableOfFlows() throws Exception {
        String flows = Readme.configurationWith("type   = \"flows\"").replace("/var/lib/ringtap", folder.toString());
        Path file = Files.writeString(folder.resolve("flows.toml"), "[[capture]]\ninterface = \"rt0\"\n" + flows);
        WorkerConfig worker = new ConfigReader(PcapFilter::problem, BuiltInHandlers.BY_TYPE)
                .read(ConfigSource.file(file))
                .workers()
                .getFirst();
        assertEquals(2, worker.threads());
        assertEquals("flows", worker.handlers().getFirst().type());
    }

    /** Each key alone is one that the handler checks. */
    @Test
    void shouldShowRecordingsThatAreCompressedAndThatKeepLess() throws Exception {
        for (String key : List.of("compress         = \"zstd\"", "flow-bytes = \"1 MiB\"")) {
            Path file = Files.writeString(
                    folder.resolve("record.toml"),
                    "[[capture]]\ninterface = \"rt0\"\n" + Readme.configurationWith(key));
            DaemonConfig config =
                    new ConfigReader(PcapFilter::problem, BuiltInHandlers.BY_TYPE).read(ConfigSource.file(file));
            assertEquals(
                    "record", config.workers().getFirst().handlers().getFirst().type());
        }
    }

    @Test
    void shouldShowAnExportOfFlows() throws Exception {
        Path file = Files.writeString(
                folder.resolve("export.toml"),
                "[[capture]]\ninterface = \"rt0\"\n" + Readme.configurationWith("[[export]]"));
        DaemonConfig config =
                new ConfigReader(PcapFilter::problem, BuiltInHandlers.BY_TYPE).read(ConfigSource.file(file));
        assertEquals(List.of("flows"), config.exports().getFirst().workers());
        assertEquals(1, config.exports().size());
    }

    @Test
    void shouldShowAWatchThatStartsAStream() throws Exception {
        Path file = Files.writeString(folder.resolve("watch.toml"), Readme.configurationWith("\"alarm\""));
        DaemonConfig config =
                new ConfigReader(PcapFilter::problem, BuiltInHandlers.BY_TYPE).read(ConfigSource.file(file));
        assertEquals("udp port 53", config.captures().getFirst().filter());
        assertEquals(2, config.workers().getFirst().handlers().size());
        assertEquals(InjectConfig.Start.MANUAL, config.injects().getFirst().start());
        assertEquals(10, config.injects().getFirst().count());
    }

    @Test
    void shouldShowAFlightRecorderThatAWatchSetsOff() throws Exception {
        Path file = Files.writeString(folder.resolve("flight.toml"), Readme.configurationWith("\"flight-recorder\""));
        DaemonConfig config =
                new ConfigReader(PcapFilter::problem, BuiltInHandlers.BY_TYPE).read(ConfigSource.file(file));
        assertEquals(
                List.of("flight-recorder", "watch"),
                config.workers().stream()
                        .map(worker -> worker.handlers().getFirst().type())
                        .toList());
    }

    @Test
    void shouldEmbedInFewLinesThatCompileWithoutAWarningAndAddUpAFile() throws Exception {
        ReadmeFolder checkout = ReadmeFolder.in(folder);
        checkout.compileProgram("SumBytes");
        PcapWriter file = new PcapWriter(ByteOrder.LITTLE_ENDIAN, true);
        long bytes = 0;
        for (byte[] frame : SampleFrames.all()) {
            file.frame(1_700_000_000_000_000_000L, frame);
            bytes += frame.length;
        }
        Files.write(folder.resolve("trace.pcapng"), file.bytes());
        String said = checkout.run(Readme.shellLine("SumBytes.java"));
        assertTrue(said.endsWith(SampleFrames.all().size() + " frames, " + bytes + " bytes\n"), said);
    }

    @Test
    void shouldNameOnlyOptionsThatThereAreInShellLines() throws Exception {
        ReadmeFolder checkout = ReadmeFolder.ofArguments(folder);
        List<String> lines = Readme.shellLines().stream()
                .filter(line -> line.contains("./ringtap "))
                .filter(line -> !line.startsWith("./ringtap package ")) // no command: systemd/package-test runs it
                .toList();
        assertEquals(18, lines.size(), lines::toString);
        for (String line : lines) {
            List<String> arguments = checkout.run(line).lines().toList();
            assertDoesNotThrow(() -> commandLine().parseArgs(arguments.toArray(String[]::new)), line);
        }
    }

    @Test
    void shouldHaveATableOfAllCommandsAndOnlyOptionsThatThereAre() {
        Set<String> named = new TreeSet<>();
        for (String usage : Readme.all("^\\| `ringtap ([^`]*)` \\|")) {
            String command = usage.replaceFirst(" .*", "");
            named.add(command);
            CommandLine line = commandLine().getSubcommands().get(command);
            line = line.getSubcommands().getOrDefault(usage.split(" ", 3)[1], line);
            Matcher option = Pattern.compile("(?<![\\w-])--?[a-z-]+").matcher(usage);
            while (option.find()) {
                String name = option.group();
                assertTrue(optionsOf(line).contains(name), command + " " + name);
            }
        }
        Set<String> shown = new TreeSet<>();
        commandLine().getSubcommands().forEach((name, line) -> {
            if (!line.getCommandSpec().usageMessage().hidden()) {
                shown.add(name);
            }
        });
        assertEquals(shown, named);
    }

    /** With those of its own commands. */
    private static Set<String> optionsOf(CommandLine line) {
        Set<String> options = new TreeSet<>(line.getCommandSpec().optionsMap().keySet());
        line.getSubcommands().values().forEach(each -> options.addAll(optionsOf(each)));
        return options;
    }

    /** As links name them: small letters without punctuation, hyphens for blanks. */
    private static List<String> headings(Path file) throws IOException {
        return Files.readAllLines(file).stream()
                .filter(line -> line.matches("#+ .+"))
                .map(line -> line.replaceFirst("#+ ", "").toLowerCase(Locale.ROOT))
                .map(heading -> heading.replaceAll("[^\\w -]", "").replace(' ', '-'))
                .toList();
    }

    @Test
    void shouldBeShort() {
        long lines = Readme.text("README.md").lines().count();
        assertTrue(lines <= MOST_LINES, lines + " lines");
    }

    /** All documents. What is built, which changes while other tests run, is not looked into. */
    private static List<Path> documents() throws IOException {
        List<Path> documents = new ArrayList<>();
        Files.walkFileTree(Readme.ROOT, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                boolean passedOver =
                        List.of("target", ".git").contains(folder.getFileName().toString());
                return passedOver ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (file.toString().endsWith(".md")) {
                    documents.add(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        assertTrue(documents.size() >= 12, documents::toString);
        return documents;
    }

    @Test
    void shouldLinkToWhatIsThere() throws IOException {
        List<String> missing = new ArrayList<>();
        Pattern link = Pattern.compile("\\]\\(((?!https?:)[^)]+)\\)");
        for (Path document : documents()) {
            link.matcher(Files.readString(document))
                    .results()
                    .map(found -> found.group(1))
                    .filter(target -> !isThere(document, target))
                    .forEach(target -> missing.add(document + ": " + target));
        }
        assertEquals(List.of(), missing);
    }

    private static boolean isThere(Path document, String target) {
        String path = target.replaceFirst("#.*", "");
        String anchor = target.replaceFirst("^[^#]*#?", "");
        Path file = path.isEmpty() ? document : document.resolveSibling(path);
        try {
            return Files.exists(file) && (anchor.isEmpty() || headings(file).contains(anchor));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** But for tables, whose rows are lines, and what is shown as it is. */
    @Test
    void shouldHaveLinesOf120ColumnsAtMost() throws IOException {
        List<String> longer = new ArrayList<>();
        for (Path document : documents()) {
            Files.readAllLines(document).stream()
                    .filter(line -> line.length() > COLUMNS && !line.matches("(\\||    ).*"))
                    .forEach(line -> longer.add(document + ": " + line));
        }
        assertEquals(List.of(), longer);
    }

    @Test
    void shouldFollowAFrameThroughClassesThatThereAre() throws IOException {
        Set<String> missing = new TreeSet<>();
        for (String module : List.of("capture", "inject")) {
            List<String> names = Pattern.compile("`([\\w/.]*\\b[A-Z]\\w+)(?:\\.[a-z]\\w*)?`")
                    .matcher(Files.readString(Readme.ROOT.resolve(module).resolve("README.md")))
                    .results()
                    .map(found -> found.group(1).replace('.', '/') + ".java")
                    .toList();
            assertTrue(names.size() > 10, names::toString);
            names.stream().filter(name -> !isSource(name)).forEach(missing::add);
        }
        assertEquals(Set.of(), missing);
    }

    /** Looks at sources alone: what is built changes while other tests run. */
    private static boolean isSource(String name) {
        return Stream.of("capture", "inject", "daemon").anyMatch(module -> {
            Path sources = Readme.ROOT.resolve(module).resolve("src/main/java");
            try (Stream<Path> files = Files.walk(sources)) {
                return files.anyMatch(file -> file.toString().endsWith(name));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static CommandLine commandLine() {
        return RingtapCommand.commandLine(new StopSignal());
    }
}
