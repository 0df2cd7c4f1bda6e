package io.ringtap.daemon.control;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.List;
import java.util.Optional;
import jdk.net.UnixDomainPrincipal;

/**
 * The users who may change what a daemon does, among those who may open its socket: root, the daemon's own user, and the
 * members of a group. The kernel says who a client is (SO_PEERCRED); it tells the user and the main group only, so that whom
 * else a group has is looked up in /etc/group.
 */
public final class ControlRights {
    private static final String ROOT = "0";
    private static final Path GROUPS = Path.of("/etc/group");
    private static final int MEMBERS = 3;

    private final Optional<String> adminGroup;

    /** Root's and the daemon's user's alone, or also those of a group, by its name. */
    public ControlRights(Optional<String> adminGroup) {
        this.adminGroup = adminGroup;
    }

    /** Returns whether a client may make calls that change something. */
    boolean mayChange(UnixDomainPrincipal client) {
        UserPrincipal user = client.user();
        return own(user)
                || root(user)
                || adminGroup.filter(group -> member(client, group)).isPresent();
    }

    /** Returns who may, for messages. */
    String who() {
        return "root or the daemon's own user"
                + adminGroup.map(group -> " or a member of the group " + group).orElse("")
                + (adminGroup.isEmpty() ? "; control.admin-group can name a group that may, too" : "");
    }

    private static boolean own(UserPrincipal user) {
        return is(Long.toString(new UnixSystem().getUid()), user);
    }

    private static boolean root(UserPrincipal user) {
        return is(ROOT, user);
    }

    /** A number is taken for a name first, but Linux has no users with such names. */
    private static boolean is(String number, UserPrincipal user) {
        try {
            return lookup().lookupPrincipalByName(number).equals(user);
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean member(UnixDomainPrincipal client, String group) {
        try {
            GroupPrincipal principal = lookup().lookupPrincipalByGroupName(group);
            return principal.equals(client.group())
                    || Files.readAllLines(GROUPS).stream()
                            .map(line -> List.of(line.split(":", -1)))
                            .anyMatch(fields -> fields.size() > MEMBERS
                                    && fields.getFirst().equals(group)
                                    && List.of(fields.get(MEMBERS).split(",", -1))
                                            .contains(client.user().getName()));
        } catch (IOException e) {
            return false;
        }
    }

    /** Returns whether there is a group of that name. */
    public static boolean isGroup(String name) {
        try {
            lookup().lookupPrincipalByGroupName(name);
            return true;
        } catch (UserPrincipalNotFoundException e) {
            return false;
        } catch (IOException e) {
            return true; // it cannot be told
        }
    }

    private static UserPrincipalLookupService lookup() {
        return FileSystems.getDefault().getUserPrincipalLookupService();
    }
}
