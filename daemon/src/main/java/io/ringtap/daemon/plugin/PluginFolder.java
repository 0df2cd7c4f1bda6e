package io.ringtap.daemon.plugin;

import io.ringtap.frame.FrameHandler;
import io.ringtap.frame.HandlerSettings;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/** The folder that plug-ins lie in: every file in it whose name ends in {@code .jar} is one. */
public final class PluginFolder {
    /** Where they are unless somebody says otherwise. */
    public static final Path DEFAULT = Path.of("/usr/lib/ringtap/plugins");

    private final Map<String, Function<HandlerSettings, FrameHandler>> types;
    private final List<String> problems = new ArrayList<>();

    private PluginFolder(Map<String, Function<HandlerSettings, FrameHandler>> builtIns) {
        types = new TreeMap<>(builtIns);
    }

    /**
     * All types of handlers that there are, by name: those that are built in, and those that plug-ins bring.
     *
     * @param asked the folder somebody asked for, which must be there; else the default one, which need not
     * @throws PluginException if anything in the folder cannot be used, with all of it
     */
    public static Map<String, Function<HandlerSettings, FrameHandler>> typesWith(
            Map<String, Function<HandlerSettings, FrameHandler>> builtIns, Optional<Path> asked)
            throws PluginException {
        PluginFolder plugins = new PluginFolder(builtIns);
        if (asked.isPresent() || Files.exists(DEFAULT)) {
            plugins.load(asked.orElse(DEFAULT));
        }
        if (!plugins.problems.isEmpty()) {
            throw new PluginException(plugins.problems);
        }
        return plugins.types;
    }

    private void load(Path folder) {
        ClassLoader api = new ApiClassLoader(PluginFolder.class.getClassLoader());
        for (Path jar : jars(folder)) {
            try {
                PluginJar.types(jar, api).forEach(this::add);
            } catch (PluginJar.Refusal e) {
                problem(jar, e.getMessage());
            }
        }
    }

    private List<Path> jars(Path folder) {
        List<Path> jars = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.jar")) {
            files.forEach(jars::add);
        } catch (NoSuchFileException e) {
            folderProblem(folder, "there is none: make it, or leave --plugins out");
        } catch (NotDirectoryException e) {
            folderProblem(folder, "is a file: name the folder that the jars lie in");
        } catch (AccessDeniedException e) {
            folderProblem(folder, "permission denied: let this user read the folder and search those it is in");
        } catch (IOException | DirectoryIteratorException e) {
            folderProblem(folder, "cannot be read: " + e);
        }
        jars.sort(null);
        return jars;
    }

    private void add(PluginType type) {
        Function<HandlerSettings, FrameHandler> there = types.putIfAbsent(type.name(), type);
        if (there != null) {
            String where = there instanceof PluginType other ? "comes with " + other.jar() + " too" : "is built in";
            problem(type.jar(), "the handler type \"" + type.name() + "\" " + where + ": take one out, or rename it");
        }
    }

    private void problem(Path jar, String text) {
        String line = "plug-in " + jar + ": " + text;
        problems.add(line.lines().findFirst().orElse(line));
    }

    private void folderProblem(Path folder, String text) {
        problems.add("plug-in folder " + folder + ": " + text);
    }
}
