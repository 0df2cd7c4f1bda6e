package io.ringtap.daemon.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

final class VersionProviderTest {
    private static final String GIT =
            "git.commit.id.abbrev=0123456789ab\ngit.commit.time=2026-11-30T12\\:00\\:00Z\ngit.dirty=";

    @Test
    void shouldTellTheCommit() throws IOException {
        assertEquals("commit 0123456789ab of 2026-11-30T12:00:00Z", commit(GIT + "false\n"));
    }

    @Test
    void shouldTellThatTheCommitWasChanged() throws IOException {
        assertEquals("commit 0123456789ab of 2026-11-30T12:00:00Z, with changes", commit(GIT + "true\n"));
    }

    @Test
    void shouldSayThatItWasBuiltOutsideGit() throws IOException {
        assertEquals("commit unknown: not built in a git checkout", VersionProvider.commit(null));
    }

    private static String commit(String properties) throws IOException {
        return VersionProvider.commit(new ByteArrayInputStream(properties.getBytes(UTF_8)));
    }
}
