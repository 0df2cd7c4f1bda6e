package io.ringtap.daemon.endtoend;

import io.ringtap.testnet.VethPair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** A real terminal, tmux's, with a shell in a folder in which {@code ./ringtap} is the program under test. */
final class Terminal implements AutoCloseable {
    private final Path folder;

    private Terminal(Path folder) {
        this.folder = folder;
    }

    /** Opens one of 100 columns and 30 lines. */
    static Terminal open(Path folder) throws IOException {
        Terminal terminal = new Terminal(folder);
        List<String> command = new ArrayList<>(List.of("#!/bin/sh\nexec"));
        Installation.here().java().forEach(word -> command.add("'" + word + "'"));
        terminal.script("ringtap", String.join(" ", command) + " \"$@\"\n");
        terminal.tmux("new-session", "-d", "-x", "100", "-y", "30", "env -u NO_COLOR sh");
        terminal.type("PS1='> '; cd " + folder + "; stty -echoctl", "Enter");
        terminal.clear();
        return terminal;
    }

    /** Makes a program in its folder. */
    void script(String name, String text) throws IOException {
        VethPair.run(
                "chmod", "+x", Files.writeString(folder.resolve(name), text).toString());
    }

    /** Has a prompt on an empty screen. */
    void clear() {
        type("clear", "Enter");
        awaitScreen(text -> text.strip().equals(">"));
    }

    /** Calls tmux, and returns what it prints. */
    String tmux(String... arguments) {
        List<String> command = new ArrayList<>(
                List.of("tmux", "-f", "/dev/null", "-S", folder.resolve("tmux").toString()));
        command.addAll(List.of(arguments));
        return VethPair.run(command.toArray(String[]::new));
    }

    /** Types keys, by tmux's names. */
    void type(String... keys) {
        List<String> command = new ArrayList<>(List.of("send-keys"));
        command.addAll(List.of(keys));
        tmux(command.toArray(String[]::new));
    }

    /** What is on the screen. */
    String screen() {
        return tmux("capture-pane", "-p");
    }

    /** Waits until the screen is as told, and gives its lines. */
    List<String> awaitScreen(Predicate<String> told) {
        String[] screen = {""};
        try {
            VethPair.await(() -> {
                screen[0] = screen();
                return told.test(screen[0]);
            });
        } catch (IllegalStateException e) {
            throw new AssertionError("the screen is " + screen[0], e);
        }
        return screen[0].lines().toList();
    }

    /** Waits until a text is on the screen, and gives its lines. */
    List<String> awaitText(String text) {
        return awaitScreen(screen -> screen.contains(text));
    }

    /** From now on keeps all that is written to the screen in a file, be it there ever so short. */
    Path keepOutput() {
        Path output = folder.resolve("output");
        tmux("pipe-pane", "cat >" + output);
        return output;
    }

    @Override
    public void close() {
        tmux("kill-server");
    }
}
