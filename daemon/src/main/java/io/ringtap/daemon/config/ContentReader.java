package io.ringtap.daemon.config;

import io.ringtap.daemon.config.toml.Key;
import io.ringtap.daemon.config.toml.Section;
import io.ringtap.daemon.config.value.Quoted;
import io.ringtap.inject.template.Content;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Reads what an {@code [inject.frame]} carries behind its headers, or in place of them. */
final class ContentReader {
    private static final List<String> KEYS =
            List.of("payload", "payload-text", "payload-file", "raw", "raw-file", "lldp");

    /** More than any frame can have. */
    private static final int MOST_BYTES = 2 * Content.MAX_BYTES;

    private final Section frame;

    ContentReader(Section frame) {
        this.frame = frame;
    }

    /** The content; absent if it cannot be. */
    Optional<Content> read() {
        List<String> given = given();
        if (given.isEmpty()) {
            return Optional.of(Content.NONE);
        }
        if (given.size() > 1) {
            frame.problem(given.getLast(), "a frame has one of " + String.join(" and ", given) + ", not more");
            return Optional.empty();
        }
        return read(given.getFirst());
    }

    /** Stands for a content that was refused, so that the rest of the frame is looked at as what it is. */
    Content placeholder() {
        List<String> given = given();
        if (given.contains("raw") || given.contains("raw-file")) {
            return raw(new byte[Content.MAX_BYTES]);
        }
        return given.contains("lldp")
                ? new Content.Lldp("-", "-", 0, Optional.empty(), Optional.empty(), Optional.empty())
                : Content.NONE;
    }

    private List<String> given() {
        return KEYS.stream().filter(frame::has).toList();
    }

    private Optional<Content> read(String key) {
        return switch (key) {
            case "payload" -> frame.given(FrameKeys.PAYLOAD).map(Content::payload);
            case "payload-text" -> frame.given(FrameKeys.PAYLOAD_TEXT).map(Content::payloadText);
            case "payload-file" -> frame.given(FrameKeys.PAYLOAD_FILE).map(Content::payload);
            case "raw" -> frame.given(FrameKeys.RAW).map(ContentReader::raw);
            case "raw-file" -> frame.given(FrameKeys.RAW_FILE).map(ContentReader::raw);
            default -> frame.table(FrameKeys.LLDP).flatMap(ContentReader::lldp);
        };
    }

    private static Content raw(byte[] bytes) {
        return new Content.RawFrame(HexFormat.of().formatHex(bytes));
    }

    static byte[] file(String name) {
        try (InputStream in = Files.newInputStream(Path.of(name))) {
            byte[] bytes = in.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw new IllegalArgumentException("holds more than any frame can");
            }
            return bytes;
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException("there is no file " + Quoted.of(name), e);
        } catch (IOException | InvalidPathException e) {
            throw new IllegalArgumentException("cannot be read: " + Quoted.of(String.valueOf(e.getMessage())), e);
        }
    }

    private static Optional<Content> lldp(Section section) {
        Function<Key<String>, String> needed = key -> section.given(key).orElseGet(() -> {
            if (!section.has(key)) {
                section.problem(key, "needs a value");
            }
            return "";
        });
        String chassis = needed.apply(FrameKeys.LLDP_CHASSIS_ID);
        String port = needed.apply(FrameKeys.LLDP_PORT_ID);
        int ttl = section.value(FrameKeys.LLDP_TTL).intValue();
        Content unit = new Content.Lldp(
                chassis,
                port,
                ttl,
                section.given(FrameKeys.LLDP_PORT_DESCRIPTION),
                section.given(FrameKeys.LLDP_SYSTEM_NAME),
                section.given(FrameKeys.LLDP_SYSTEM_DESCRIPTION));
        section.reportUnknownKeys();
        return section.has(FrameKeys.LLDP_CHASSIS_ID) && section.has(FrameKeys.LLDP_PORT_ID)
                ? Optional.of(unit)
                : Optional.empty();
    }
}
