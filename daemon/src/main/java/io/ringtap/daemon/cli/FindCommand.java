package io.ringtap.daemon.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.ringtap.daemon.cli.format.TextTable;
import io.ringtap.daemon.cli.option.Argument;
import io.ringtap.daemon.cli.option.TimePoint;
import io.ringtap.daemon.find.FoundFrames;
import io.ringtap.daemon.find.FoundIn;
import io.ringtap.daemon.find.Search;
import io.ringtap.daemon.find.Wanted;
import io.ringtap.frame.TimeText;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** {@code ringtap find}. */
public final class FindCommand implements Callable<Integer> {
    private static final String STANDARD_OUTPUT = "-";

    private final CommandSpec spec = RingtapCommand.spec(
            "find",
            this,
            "Finds frames in recordings: in the capture files of folders, those that are being written too, and in files. Without -w,"
                    + " it lists the files in which there are any.",
            "EXPRESSION, the last of the parameters, is one of pcap-filter(7), and means what it does to \"tcpdump -r\"; '' is any"
                    + " frame. Files that have an index (the key index of the handler record) are read only where it says that there"
                    + " may be such frames; what it cannot answer is read whole, which is said. Frames come in the order of their times,"
                    + " over all files.",
            "Times are \"12:00\", \"2026-11-30 12:00:05\", \"yesterday\", \"-3h\", \"@1700000000\": local time, or UTC behind a Z.");
    private final Argument<String> from = Argument.option(
                    String.class, "WHEN", "No frame from before this time.", "--from")
            .of(spec);
    private final Argument<String> to = Argument.option(String.class, "WHEN", "No frame from this time on.", "--to")
            .of(spec);
    private final Argument<String> write = Argument.option(
                    String.class,
                    "FILE",
                    "Write the frames to this pcapng file; \"-\" is standard output.",
                    "-w",
                    "--write")
            .of(spec);
    private final Argument<Boolean> count = Argument.flag("--count", "Show how many frames there are, and no more.")
            .of(spec);
    private final Argument<Boolean> list = Argument.flag(
                    "--list", "Show the names of the files, one in a line, and no more.")
            .of(spec);
    private final Argument<Boolean> json = Argument.flag("--json", "One JSON object in a line, in place of the table.")
            .of(spec);
    private final Argument<Boolean> noIndex = Argument.flag(
                    "--no-index", "Read the files whole, whatever indexes there are.")
            .of(spec);
    private final Argument<String> first = Argument.parameter(0, String.class, "FOLDER|FILE...", "Where to look.")
            .of(spec);
    private final Argument<List<String>> others = Argument.parametersFrom(
                    1, "EXPRESSION", "What to find; the last of the parameters.")
            .of(spec);

    /** What it takes. */
    public CommandSpec spec() {
        return spec;
    }

    @Override
    public Integer call() throws IOException {
        if (Stream.of(count.value(), list.value(), json.value(), write.given().isPresent())
                        .filter(given -> given)
                        .count()
                > 1) {
            throw bad("-w, --count, --list and --json exclude one another");
        }
        List<Path> origins = origins();
        ZonedDateTime now = ZonedDateTime.now(ZoneId.systemDefault());
        long fromNanos = time("--from", from, now, Long.MIN_VALUE);
        long toNanos = time("--to", to, now, Long.MAX_VALUE);
        try (Wanted wanted = wanted(fromNanos, toNanos);
                Search search = Search.open(origins, written(), wanted, list.value(), this::complain)) {
            return search(search, wanted);
        }
    }

    private List<Path> origins() {
        List<String> more = others.value().subList(0, others.value().size() - 1);
        try {
            return Stream.concat(Stream.of(first.value()), more.stream())
                    .map(Path::of)
                    .toList();
        } catch (InvalidPathException e) {
            throw bad("no path: " + e.getMessage());
        }
    }

    private Wanted wanted(long fromNanos, long toNanos) {
        try {
            return new Wanted(others.value().getLast(), fromNanos, toNanos, !noIndex.value());
        } catch (IllegalArgumentException e) {
            throw bad(e.getMessage() + "; the expression is the last parameter");
        }
    }

    private long time(String name, Argument<String> given, ZonedDateTime now, long otherwise) {
        try {
            return given.given().isEmpty() ? otherwise : TimePoint.parse(given.value(), now);
        } catch (IllegalArgumentException e) {
            throw bad(name + ": " + e.getMessage());
        }
    }

    private ParameterException bad(String what) {
        return new ParameterException(spec.commandLine(), what);
    }

    private void complain(String line) {
        spec.commandLine().getErr().println("ringtap: " + line);
        spec.commandLine().getErr().flush();
    }

    /** What is written is not searched. */
    private Set<Path> written() throws IOException {
        if (write.given().isEmpty() || write.value().equals(STANDARD_OUTPUT)) {
            return Set.of();
        }
        Path file = Path.of(write.value());
        boolean isOrigin = false;
        for (Path origin : origins()) {
            isOrigin |= Files.isRegularFile(origin) && Files.exists(file) && Files.isSameFile(origin, file);
        }
        if (isOrigin) {
            throw bad("-w: " + file + " is one of the files to read");
        }
        return Files.exists(file) ? Set.of(file.toRealPath()) : Set.of();
    }

    private int search(Search search, Wanted wanted) throws IOException {
        if (search.files() == 0) {
            complain("no capture file is there: name a file, or a folder of .pcap, .pcapng or .cap files");
            return ExitCode.FAILED;
        }
        tellWhatIsScanned(search, wanted);
        long frames;
        try (ProgressLine _ = ProgressLine.begin(search::progress)) {
            frames = write.given().isEmpty() ? counted(search) : write(search);
        }
        PrintWriter out = spec.commandLine().getOut();
        if (count.value()) {
            out.println(frames);
        } else if (list.value()) {
            search.found().forEach(file -> out.println(file.path()));
        } else if (json.value()) {
            out.println(json(search.found(), frames));
        } else if (write.given().isEmpty()) {
            out.print(table(search.found()));
        }
        out.flush();
        return search.hasFailed() ? ExitCode.FAILED : ExitCode.DONE;
    }

    private void tellWhatIsScanned(Search search, Wanted wanted) {
        int indexed = search.files() - search.scanned();
        if (search.scanned() > 0 && !noIndex.value()) {
            complain(search.scanned() + " of " + search.files() + " files without an index: read whole");
        }
        if (indexed > 0 && !wanted.isNarrowed()) {
            complain("no index can answer this expression: " + indexed + (indexed == 1 ? " file is" : " files are")
                    + " read whole");
        }
    }

    private static long counted(Search search) {
        long frames = 0;
        while (search.next()) {
            frames++;
        }
        return frames;
    }

    private long write(Search search) throws IOException {
        boolean isPipe = write.value().equals(STANDARD_OUTPUT);
        WritableByteChannel channel = isPipe
                ? new FileOutputStream(FileDescriptor.out).getChannel()
                : FileChannel.open(
                        Path.of(write.value()),
                        StandardOpenOption.WRITE,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING);
        try (FoundFrames frames = new FoundFrames(channel)) {
            long written = frames.write(search);
            if (!isPipe) {
                complain(TextTable.count(written) + " frames written to " + write.value());
            }
            return written;
        } catch (IOException e) {
            boolean isUnread = isPipe && "Broken pipe".equals(e.getMessage());
            if (isUnread) { // who reads has what was wanted
                return 0;
            }
            throw new IOException("cannot write to " + write.value() + ": " + e.getMessage(), e);
        }
    }

    private static String table(List<FoundIn> files) {
        if (files.isEmpty()) {
            return "no frame found\n";
        }
        TextTable table = new TextTable("lrrll");
        table.row("file", "frames", "bytes", "first", "last");
        long frames = 0;
        long bytes = 0;
        for (FoundIn file : files) {
            table.row(
                    file.path().toString(),
                    TextTable.count(file.frames()),
                    TextTable.count(file.bytes()),
                    TimeText.ofEpochNanos(file.firstNanos()),
                    TimeText.ofEpochNanos(file.lastNanos()));
            frames += file.frames();
            bytes += file.bytes();
        }
        if (files.size() > 1) {
            table.row("all", TextTable.count(frames), TextTable.count(bytes), "", "");
        }
        return table.text();
    }

    private static JsonObject json(List<FoundIn> files, long frames) {
        JsonArray all = new JsonArray();
        for (FoundIn file : files) {
            JsonObject one = new JsonObject();
            one.addProperty("file", file.path().toString());
            one.addProperty("frames", file.frames());
            one.addProperty("bytes", file.bytes());
            one.addProperty("first", TimeText.ofEpochNanos(file.firstNanos()));
            one.addProperty("last", TimeText.ofEpochNanos(file.lastNanos()));
            all.add(one);
        }
        JsonObject whole = new JsonObject();
        whole.addProperty("frames", frames);
        whole.add("files", all);
        return whole;
    }
}
