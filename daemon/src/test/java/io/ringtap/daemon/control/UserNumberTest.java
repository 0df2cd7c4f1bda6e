package io.ringtap.daemon.control;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.attribute.UserPrincipal;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class UserNumberTest {
    private static UserPrincipal user(String name) throws IOException {
        return FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByName(name);
    }

    @Test
    void shouldTellAUsersNameAndNumber() throws IOException {
        assertEquals("root (uid 0)", UserNumber.named(user("root")));
        assertEquals("daemon (uid 1)", UserNumber.named(user("daemon")));
    }

    @Test
    void shouldTellTheNumberOfOneWithoutAName() throws IOException {
        assertEquals(OptionalInt.empty(), UserNumber.of("54321"));
        assertEquals("with uid 54321", UserNumber.named(user("54321")));
    }
}
