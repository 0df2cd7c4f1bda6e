package io.ringtap.capturefile;

import io.ringtap.testnet.OtherUser;
import io.ringtap.testnet.VethPair;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What is in a folder of recordings, and what other programs make of it. */
public record RecordedFolder(Path path) {
    private static final Pattern COUNTED = Pattern.compile("(?m)^(.*)\t(\\d+)$");
    private static final Pattern PACKETS = Pattern.compile("(\\d+) packets?\\s*$");

    private List<Path> files(String start) {
        try (Stream<Path> files = Files.list(path)) {
            return files.filter(file -> file.getFileName().toString().startsWith(".") == start.equals("."))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Files that have their names, in the order of these. */
    public List<Path> whole() {
        return files("").stream()
                .filter(file -> !file.toString().endsWith(".index"))
                .toList();
    }

    public List<String> wholeNames() {
        return whole().stream().map(file -> file.getFileName().toString()).toList();
    }

    /** Files that are being written, or were left behind. */
    public List<Path> parts() {
        return files(".").stream()
                .filter(file -> file.toString().endsWith(".part"))
                .toList();
    }

    /** Frames in each file, in order, as capinfos and tcpdump count them; they must agree, and complain of nothing. */
    public List<Long> counts() {
        List<Long> counts = capinfosCounts();
        for (int i = 0; i < counts.size(); i++) {
            Path file = whole().get(i);
            String said = VethPair.run(tcpdumpOf(file));
            Matcher packets = PACKETS.matcher(said);
            if (!packets.find() || Long.parseLong(packets.group(1)) != counts.get(i) || said.contains("truncated")) {
                throw new AssertionError("capinfos counts " + counts.get(i) + ", tcpdump says: " + said);
            }
        }
        return counts;
    }

    /** As root, tcpdump changes its user, which a user namespace refuses: so it is not root, there and elsewhere. */
    private static String[] tcpdumpOf(Path file) {
        try {
            List<String> command = new ArrayList<>(OtherUser.thatReadsEverything());
            command.addAll(List.of("tcpdump", "--count", "-r", file.toString()));
            return command.toArray(String[]::new);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** capinfos fails on a file that is cut short. */
    public List<Long> capinfosCounts() {
        List<String> command = new ArrayList<>(List.of("capinfos", "-T", "-r", "-M", "-c"));
        whole().forEach(file -> command.add(file.toString()));
        if (whole().isEmpty()) {
            return List.of();
        }
        String said = VethPair.run(command.toArray(String[]::new));
        List<Long> counts = COUNTED.matcher(said)
                .results()
                .map(line -> Long.parseLong(line.group(2)))
                .toList();
        if (counts.size() != whole().size() || said.lines().count() != counts.size()) {
            throw new AssertionError(said);
        }
        return counts;
    }
}
