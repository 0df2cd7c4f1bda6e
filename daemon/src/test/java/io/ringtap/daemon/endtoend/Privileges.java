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
        return hasOtherUsers()
                ? nobody(List.of("setpriv"))
                : List.of("setpriv", "--inh-caps", "-all", "--bounding-set", "-all");
    }

    /** Somebody who logs in and runs a program; may make user namespaces. */
    static List<String> ordinaryUser() throws IOException {
        return hasOtherUsers()
                ? nobody(List.of("setpriv"))
                : List.of("unshare", "--user", "--map-user=" + NOBODY, "--map-group=" + NOBODY);
    }

    static List<String> onlyNetRaw() throws IOException {
        String netRaw = "-all,+net_raw";
        List<String> setpriv =
                List.of("setpriv", "--inh-caps", netRaw, "--ambient-caps", netRaw, "--bounding-set", netRaw);
        return hasOtherUsers() ? nobody(setpriv) : setpriv;
    }

    private static List<String> nobody(List<String> setpriv) {
        List<String> command = new ArrayList<>(setpriv);
        command.addAll(List.of("--reuid", NOBODY, "--regid", NOBODY, "--clear-groups"));
        return command;
    }

    /** Not so in the user namespace that ./check makes for those who are not root: there root can only lose its powers. */
    static boolean hasOtherUsers() throws IOException {
        return Files.readString(Path.of("/proc/self/uid_map")).trim().endsWith(" 4294967295");
    }
}
