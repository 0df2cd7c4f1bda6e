package io.ringtap.daemon.endtoend;

import io.ringtap.testnet.OtherUser;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Commands that give up root's rights and become another: for {@link RingtapProcess#startAs}. */
final class Privileges {
    private Privileges() {}

    /** No capability at all. */
    static List<String> none() throws IOException {
        return hasOtherUsers()
                ? nobody(List.of("setpriv"))
                : List.of("setpriv", "--inh-caps", "-all", "--bounding-set", "-all");
    }

    /** No capability at all, and no user namespace may be made either: they are refused by the machine, or in one of its own. */
    static List<String> noneAndNoNamespaces() throws IOException {
        String refuse = "if unshare --user true 2>/dev/null; then exec unshare --user --map-root-user sh -c"
                + " 'echo 0 >/proc/sys/user/max_user_namespaces && exec setpriv --bounding-set -all --inh-caps -all \"$@\"'"
                + " sh \"$@\"; else exec " + String.join(" ", none()) + " \"$@\"; fi";
        return List.of("sh", "-c", refuse, "sh");
    }

    /** Somebody who logs in and runs a program; may make user namespaces, where the machine lets anybody. */
    static List<String> ordinaryUser() throws IOException {
        return hasOtherUsers() ? nobody(List.of("setpriv")) : OtherUser.nobodyInNamespace();
    }

    /** As unshare(1) has it: some machines and most containers refuse it. */
    static boolean ordinaryUserMayMakeANetwork() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(ordinaryUser());
        command.addAll(List.of("unshare", "--user", "--map-root-user", "--net", "ip", "link", "set", "lo", "up"));
        return new ProcessBuilder(command).start().waitFor() == 0;
    }

    static List<String> onlyNetRaw() throws IOException {
        String netRaw = "-all,+net_raw";
        List<String> setpriv =
                List.of("setpriv", "--inh-caps", netRaw, "--ambient-caps", netRaw, "--bounding-set", netRaw);
        return hasOtherUsers() ? nobody(setpriv) : setpriv;
    }

    private static List<String> nobody(List<String> setpriv) {
        List<String> command = new ArrayList<>(setpriv);
        command.addAll(OtherUser.nobody());
        return command;
    }

    /** Not so in the user namespace that ./check makes for those who are not root: there root can only lose its powers. */
    static boolean hasOtherUsers() throws IOException {
        return OtherUser.exists();
    }
}
