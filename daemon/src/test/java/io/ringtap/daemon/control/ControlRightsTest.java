package io.ringtap.daemon.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.util.Optional;
import jdk.net.UnixDomainPrincipal;
import org.junit.jupiter.api.Test;

/** Users and groups that every Linux has, and some that none has. */
class ControlRightsTest {
    private static final UserPrincipalLookupService USERS =
            FileSystems.getDefault().getUserPrincipalLookupService();
    private static final String STRANGER = "54321";

    @Test
    void shouldLetRootAndTheDaemonsOwnUserChangeThings() throws IOException {
        ControlRights rights = new ControlRights(Optional.empty());
        assertTrue(rights.mayChange(client("root", STRANGER)));
        String self = Files.getOwner(Path.of("/proc/self")).getName();
        assertTrue(rights.mayChange(client(self, STRANGER)));
        assertFalse(rights.mayChange(client(STRANGER, "root")));
        assertTrue(rights.who().contains("control.admin-group"));
    }

    @Test
    void shouldLetThoseOfTheAdministratorsGroupToo() throws IOException {
        ControlRights rights = new ControlRights(Optional.of("adm"));
        assertTrue(rights.mayChange(client(STRANGER, "adm")));
        assertFalse(rights.mayChange(client(STRANGER, STRANGER)));
        assertEquals("root or the daemon's own user or a member of the group adm", rights.who());
    }

    @Test
    void shouldLetThoseWhomTheGroupFileNames() throws IOException {
        String line = Files.readAllLines(Path.of("/etc/group")).stream()
                .filter(l -> l.matches("[^:]+:[^:]*:\\d+:[^:,]+.*"))
                .findFirst()
                .orElse("");
        if (!line.isEmpty()) { // a machine may have no group with a further member
            String[] fields = line.split("[:,]", -1);
            assertTrue(new ControlRights(Optional.of(fields[0])).mayChange(client(fields[3], STRANGER)));
        }
    }

    @Test
    void shouldLetNobodyElseWhenTheGroupIsGone() throws IOException {
        assertFalse(new ControlRights(Optional.of("no-such-group")).mayChange(client(STRANGER, STRANGER)));
        assertFalse(ControlRights.isGroup("no-such-group"));
        assertTrue(ControlRights.isGroup("adm"));
    }

    private static UnixDomainPrincipal client(String user, String group) throws IOException {
        return new UnixDomainPrincipal(USERS.lookupPrincipalByName(user), USERS.lookupPrincipalByGroupName(group));
    }
}
