package io.ringtap.testnet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Whom root can become: any user, or in the user namespace that ./check makes for those who are not root, none. */
public final class OtherUser {
    private static final String NOBODY = "65534";

    private OtherUser() {}

    /** What setpriv is told to become nobody. */
    public static List<String> nobody() {
        return List.of("--reuid", NOBODY, "--regid", NOBODY, "--clear-groups");
    }

    /** Where root can become nobody else, nobody is who it is in a user namespace of its own. */
    public static List<String> nobodyInNamespace() {
        return List.of("unshare", "--user", "--map-user=" + NOBODY, "--map-group=" + NOBODY);
    }

    /**
     * A command that becomes another, whose user is not root but may read every file, as root may. Needs user namespaces
     * only where root cannot become anybody else.
     */
    public static List<String> thatReadsEverything() throws IOException {
        if (!exists()) {
            return nobodyInNamespace(); // outside, it still is the owner of root's files
        }
        String reading = "+dac_override";
        List<String> command = new ArrayList<>(List.of("setpriv", "--inh-caps", reading, "--ambient-caps", reading));
        command.addAll(nobody());
        return command;
    }

    /** Whether nobody's number stands for somebody here. */
    public static boolean exists() throws IOException {
        long nobody = Long.parseLong(NOBODY);
        for (String line : Files.readAllLines(Path.of("/proc/self/uid_map"))) {
            String[] range = line.trim().split(" +", -1);
            long first = Long.parseLong(range[0]);
            if (nobody >= first && nobody < first + Long.parseLong(range[2])) {
                return true;
            }
        }
        return false;
    }
}
