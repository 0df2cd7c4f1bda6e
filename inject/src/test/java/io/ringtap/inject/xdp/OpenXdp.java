package io.ringtap.inject.xdp;

import io.ringtap.capture.OpenException;

/** Tries to open an interface and prints what came of it; a process of its own for a test that takes capabilities away. */
final class OpenXdp {
    private OpenXdp() {}

    public static void main(String[] arguments) {
        try (XdpInjector injector = XdpInjector.open(arguments[0])) {
            System.out.println("open " + injector.interfaceName());
        } catch (OpenException e) {
            System.out.println(e.reason() + " " + e.getMessage());
        }
    }
}
