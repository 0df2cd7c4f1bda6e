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
    private Engine.Name name;

    @Option(names = "--qdisc-bypass", description = "With --engine mmsg: past the interface's queueing discipline.")
    private boolean bypass;

    /** The engine. @throws IllegalArgumentException that says what is wrong with which option */
    Engine engine() {
        return Engine.of(name, bypass)
                .orElseThrow(() -> new IllegalArgumentException(
                        "--qdisc-bypass goes with --engine " + Engine.withBypass() + ": the others have no choice"));
    }
}
