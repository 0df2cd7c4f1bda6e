package io.ringtap.daemon.plugin;

import io.ringtap.frame.HandlerType;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.zip.ZipException;

/** Looks into one jar, which gets a class loader of its own. */
final class PluginJar {
    /** The list of types in a plug-in. */
    static final String SERVICE = "META-INF/services/" + HandlerType.class.getName();

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    private final Path file;

    private PluginJar(Path file) {
        this.file = file;
    }

    /** A plug-in cannot be used; the message says why, and what to do. */
    static final class Refusal extends Exception {
        private static final long serialVersionUID = 1;

        Refusal(String message) {
            super(message);
        }
    }

    /** The types that a jar brings; its classes stay loadable for the life of the process. */
    static List<PluginType> types(Path file, ClassLoader api) throws Refusal {
        PluginJar jar = new PluginJar(file);
        jar.check();
        try {
            URL[] classPath = {file.toUri().toURL()};
            return jar.load(new URLClassLoader("plug-in " + file.getFileName(), classPath, api));
        } catch (IOException e) {
            throw new Refusal(e.toString());
        }
    }

    private void check() throws Refusal {
        try (JarFile jar = new JarFile(file.toFile())) {
            if (jar.getEntry(SERVICE) == null) {
                throw new Refusal("brings no type of handler: " + SERVICE + " is missing, which lists the classes that"
                        + " implement " + HandlerType.class.getName() + "; add it, or take the jar out of the folder");
            }
        } catch (ZipException e) {
            throw new Refusal("is no jar, or a damaged one (" + e.getMessage() + "): build or copy it again");
        } catch (AccessDeniedException e) {
            throw new Refusal("permission denied: let this user read it");
        } catch (IOException e) {
            throw new Refusal("cannot be read: " + e.getMessage());
        }
    }

    private List<PluginType> load(ClassLoader loader) throws Refusal {
        List<PluginType> types = new ArrayList<>();
        try {
            Iterator<HandlerType> found =
                    ServiceLoader.load(HandlerType.class, loader).iterator();
            while (found.hasNext()) {
                types.add(type(found.next()));
            }
        } catch (ServiceConfigurationError e) {
            throw new Refusal(reason(e) + ": correct the jar's " + SERVICE + ", or the class that it names");
        } catch (LinkageError e) {
            throw new Refusal(reason(e));
        }
        if (types.isEmpty()) {
            throw new Refusal("brings no type of handler: its " + SERVICE + " names no class");
        }
        return types;
    }

    // What the plug-in answers is somebody's code: it may throw anything.
    private PluginType type(HandlerType type) throws Refusal {
        String shown = type.getClass().getName();
        String name;
        try {
            int version = type.apiVersion();
            if (version != HandlerType.API_VERSION) {
                throw new Refusal(
                        shown + " was built for version " + version + " of " + HandlerType.class.getPackageName()
                                + ", and this ringtap has version " + HandlerType.API_VERSION
                                + ": build it against the ringtap-capture of this ringtap");
            }
            name = type.name();
        } catch (RuntimeException e) {
            throw new Refusal(shown + " threw " + e);
        }
        if (name == null || !NAME.matcher(name).matches()) {
            throw new Refusal(shown + " gives \"" + name
                    + "\" as its name, which must be 1 to 64 letters, digits, hyphens," + " dots and underscores");
        }
        return new PluginType(file, name, type);
    }

    private static String reason(Error error) {
        String prefix = HandlerType.class.getName() + ": ";
        String text = String.valueOf(error.getMessage());
        String own = text.startsWith(prefix) ? text.substring(prefix.length()) : error.toString();
        return error.getCause() == null ? own : own + ": " + error.getCause();
    }
}
