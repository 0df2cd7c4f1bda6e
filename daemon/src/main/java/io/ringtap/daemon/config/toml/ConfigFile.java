package io.ringtap.daemon.config.toml;

import io.ringtap.daemon.config.value.Quoted;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tomlj.Toml;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;

/** Reads a TOML file into entries that know their line and column. */
public final class ConfigFile {
    /** A configuration is a few kilobytes; a file beyond this is some other file. */
    static final int MAX_BYTES = 1 << 20;

    private static final Pattern UNQUOTED_UNIT = Pattern.compile("Unexpected '(\\p{L}+)', expected a newline.*");
    private static final Set<String> UNITS = Set.of(
            "B", "KiB", "MiB", "GiB", "kB", "MB", "GB", "ns", "us", "ms", "s", "min", "h", "pps", "kpps", "Mpps");

    private final String file;
    private final Problems problems;

    private ConfigFile(String file, Problems problems) {
        this.file = file;
        this.problems = problems;
    }

    /** The file's tables. @throws ConfigException if it cannot be read, or is no TOML */
    public static Entry.Table read(Path path) throws ConfigException {
        Problems problems = new Problems();
        ConfigFile file = new ConfigFile(path.toString(), problems);
        Optional<Entry.Table> root = file.bytes(path).flatMap(file::decode).map(file::parse);
        problems.throwIfAny();
        return root.orElseThrow();
    }

    /** The tables of a text, which messages call by a name. @throws ConfigException if it is no TOML */
    public static Entry.Table parse(String name, String text) throws ConfigException {
        Problems problems = new Problems();
        Entry.Table root = new ConfigFile(name, problems).parse(text);
        problems.throwIfAny();
        return root;
    }

    private Entry.Table parse(String text) {
        TomlParseResult parsed = Toml.parse(text);
        parsed.errors().forEach(this::syntaxError);
        TomlEntries entries = new TomlEntries(
                position -> new Place.InFile(file, position.line(), position.column()), Optional.empty());
        return entries.table(parsed, new Place.WholeFile(file));
    }

    private Optional<byte[]> bytes(Path path) {
        if (Files.isDirectory(path)) {
            return refuse("is a folder, not a file");
        }
        // Not by its length: a pipe has none, and may go on for ever.
        try (InputStream in = Files.newInputStream(path)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            return bytes.length > MAX_BYTES
                    ? refuse("is larger than 1 MiB, the most that a configuration can have")
                    : Optional.of(bytes);
        } catch (NoSuchFileException _) {
            return refuse("there is no such file");
        } catch (AccessDeniedException _) {
            return refuse("no permission to read it");
        } catch (FileSystemException e) {
            return refuse("cannot be read: " + e.getReason());
        } catch (IOException e) {
            return refuse("cannot be read: " + e.getMessage());
        }
    }

    private Optional<String> decode(byte[] bytes) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        CharBuffer chars = CharBuffer.allocate(bytes.length);
        CoderResult result = decoder.decode(ByteBuffer.wrap(bytes), chars, true);
        String text = chars.flip().toString();
        if (result.isError()) {
            int lineStart = text.lastIndexOf('\n') + 1;
            int line = 1 + (int) text.chars().filter(c -> c == '\n').count();
            int column = 1 + text.codePointCount(lineStart, text.length());
            problems.add(new Place.InFile(file, line, column), "", "is not valid UTF-8 here");
            return Optional.empty();
        }
        return Optional.of(text.startsWith("\ufeff") ? text.substring(1) : text);
    }

    private void syntaxError(TomlParseError error) {
        Place place =
                new Place.InFile(file, error.position().line(), error.position().column());
        String message = Quoted.whole(error.getMessage());
        Matcher matcher = UNQUOTED_UNIT.matcher(message);
        boolean unquoted = matcher.matches() && UNITS.contains(matcher.group(1));
        problems.add(place, "", unquoted ? message + " (an amount with a unit stands in quotes: \"64 MiB\")" : message);
    }

    private <T> Optional<T> refuse(String message) {
        problems.add(new Place.WholeFile(file), "", message);
        return Optional.empty();
    }
}
