package io.ringtap.daemon.cli;

import io.ringtap.capture.pcap.PcapDevices;
import picocli.CommandLine.IVersionProvider;

/** {@code --version}: ringtap's, from its jar, and that of the libpcap it found. */
final class VersionProvider implements IVersionProvider {
    @Override
    public String[] getVersion() {
        String version = VersionProvider.class.getPackage().getImplementationVersion();
        return new String[] {
            "ringtap " + (version == null ? "(not from a jar)" : version),
            PcapDevices.libraryVersion(),
            "Java " + Runtime.version()
        };
    }
}
