package io.ringtap.inject.pcap;

import io.ringtap.capture.OpenException;

/** Tries to open an interface and prints what came of it; a process of its own for a test that takes capabilities away. */
final class OpenProbe {
    private OpenProbe() {}

    public static void main(String[] arguments) {
        try (PcapInjector injector = PcapInjector.open(arguments[0])) {
            System.out.println("open " + injector.interfaceName());
        } catch (OpenException e) {
            System.out.println(e.reason() + " " + e.getMessage());
        }
    }
}
