package io.ringtap.daemon.config.toml;

import io.ringtap.daemon.config.value.Quoted;
import java.util.Comparator;

/** The place at which something of the configuration was given. */
public sealed interface Place {
    /** By lines and columns; what options gave comes after what the file holds, in the order it was met. */
    Comparator<Place> FILE_ORDER = Comparator.comparingInt(Place::order)
            .thenComparingInt(place -> place instanceof InFile in ? in.line() : 0)
            .thenComparingInt(place -> place instanceof InFile in ? in.column() : 0);

    /** The file as a whole. */
    record WholeFile(String file) implements Place {
        @Override
        public String toString() {
            return file;
        }
    }

    /** A spot in the file; lines and columns count from 1, columns in characters. */
    record InFile(String file, int line, int column) implements Place {
        @Override
        public String toString() {
            return file + ":" + line + ":" + column;
        }
    }

    /**
     * A command-line option.
     *
     * @param option the option, such as {@code --set}
     * @param key the key it gives, dotted
     */
    record Option(String option, String key) implements Place {
        @Override
        public String toString() {
            return option.equals("--set") ? option + " " + Quoted.bare(key) : option;
        }
    }

    /** Nowhere: ringtap supplied it. */
    record BuiltIn() implements Place {
        @Override
        public String toString() {
            return "default";
        }
    }

    private int order() {
        return switch (this) {
            case WholeFile _ -> 0;
            case InFile _ -> 1;
            case Option _, BuiltIn _ -> 2;
        };
    }
}
