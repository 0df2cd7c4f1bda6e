package io.ringtap.daemon.endtoend;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Commands that give up root's rights and become another: for {@link RingtapProcess#startAs}. */
final class Privileges {
    private static final String NOBODY = "65534";

    private Privileges() {}

    /** No capability at all. */
    static List<String> none() throws IOException {
        return user(List.of("setpriv", "--inh-caps", "-all", "--bounding-set", "-all"));
    }

    static List<String> onlyNetRaw() throws IOException {
        String netRaw = "-all,+net_raw";
        return user(List.of("setpriv", "--inh-caps", netRaw, "--ambient-caps", netRaw, "--bounding-set", netRaw));
    }

    /** As a user that is not root, unless the tests run in a user namespace that has no other: then as a powerless root. */
    private static List<String> user(List<String> setpriv) throws IOException {
        List<String> command = new ArrayList<>(setpriv);
        if (Files.readString(Path.of("/proc/self/uid_map")).trim().endsWith(" 4294967295")) {
            command.addAll(List.of("--reuid", NOBODY, "--regid", NOBODY, "--clear-groups"));
        }
        return command;
    }
}
