package io.ringtap.daemon.cli;

import io.ringtap.capture.pcap.PcapDevices;
import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** {@code --version}: ringtap's, from its jar, the commit it was built of, and the version of the libpcap it found. */
final class VersionProvider implements IVersionProvider {
    @Override
    public String[] getVersion() throws IOException {
        String version = VersionProvider.class.getPackage().getImplementationVersion();
        try (InputStream git = VersionProvider.class.getResourceAsStream("git.properties")) {
            return new String[] {
                "ringtap " + (version == null ? "(not from a jar)" : version),
                commit(git),
                PcapDevices.libraryVersion(),
                "Java " + Runtime.version()
            };
        }
    }

    /** What the build has written of the commit; null where it was no git checkout. */
    static String commit(InputStream git) throws IOException {
        if (git == null) {
            return "commit unknown: not built in a git checkout";
        }
        Properties properties = new Properties();
        properties.load(git);
        String changed = properties.getProperty("git.dirty").equals("true") ? ", with changes" : "";
        return "commit " + properties.getProperty("git.commit.id.abbrev") + " of "
                + properties.getProperty("git.commit.time") + changed;
    }
}
