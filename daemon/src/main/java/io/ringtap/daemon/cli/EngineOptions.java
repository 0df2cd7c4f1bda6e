package io.ringtap.daemon.cli;

import io.ringtap.inject.Engine;
import picocli.CommandLine.Option;

/** What {@code ringtap inject} sends by. */
final class EngineOptions {
    @Option(
            names = "--engine",
            paramLabel = "NAME",
            defaultValue = "sendpacket",
            description = "sendpacket (default), mmsg: many frames a call, or xdp: for load tests, without --replay.")
    private Name name;

    @Option(names = "--qdisc-bypass", description = "With --engine mmsg: past the interface's queueing discipline.")
    private boolean bypass;

    enum Name {
        SENDPACKET,
        MMSG,
        XDP
    }

    /** The engine. @throws IllegalArgumentException that says what is wrong with which option */
    Engine engine() {
        if (bypass && name != Name.MMSG) {
            throw new IllegalArgumentException("--qdisc-bypass goes with --engine mmsg: the others have no choice");
        }
        return switch (name) {
            case SENDPACKET -> Engine.SENDPACKET;
            case MMSG -> bypass ? Engine.MMSG_BYPASS : Engine.MMSG;
            case XDP -> Engine.XDP;
        };
    }
}
