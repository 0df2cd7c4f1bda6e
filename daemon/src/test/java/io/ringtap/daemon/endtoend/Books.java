package io.ringtap.daemon.endtoend;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The ledger that a stopped daemon printed, with a capture at most. */
record Books(List<String> lines) {
    private static final Pattern COUNT = Pattern.compile("(\\w+)=(-?\\d+)\\b");

    static Books of(RingtapProcess ringtap) {
        return new Books(ringtap.ledger());
    }

    private long count(String lineStart, String name) {
        return lines.stream()
                .filter(line -> line.startsWith(lineStart))
                .mapToLong(line -> count(COUNT.matcher(line), name))
                .sum();
    }

    private static long count(Matcher counts, String name) {
        while (counts.find()) {
            if (counts.group(1).equals(name)) {
                return Long.parseLong(counts.group(2));
            }
        }
        return 0;
    }

    long received() {
        return count("capture=", "received");
    }

    long kernelDropped() {
        return count("capture=", "kernel_dropped");
    }

    long gaps() {
        return count("capture=", "gaps");
    }

    long published() {
        return count("capture=", "published");
    }

    long delivered(String worker) {
        return count("worker=" + worker + " ", "delivered");
    }

    long failed(String worker) {
        return count("worker=" + worker + " ", "failed");
    }

    long shed(String worker) {
        return count("worker=" + worker + " ", "shed");
    }

    long sent(String stream) {
        return count("inject=" + stream + " ", "sent");
    }

    long lost() {
        return count("ledger ", "lost");
    }

    long inFlight() {
        return count("ledger ", "in_flight");
    }

    long unaccounted() {
        if (lines.isEmpty() || !lines.getLast().contains(" unaccounted=")) {
            throw new AssertionError("no ledger: " + lines);
        }
        return count("ledger ", "unaccounted");
    }
}
