package io.ringtap.daemon.cli.option;

import io.ringtap.inject.config.Engine;
import picocli.CommandLine.Option;

/** The options of {@code ringtap inject} that choose its engine. */
public final class EngineOptions {
    @Option(
            names = "--engine",
            paramLabel = "NAME",
            defaultValue = "sendpacket",
            description = "sendpacket (default), mmsg: many frames a call, or xdp: for load tests, without --replay.")
    private Engine.Name name;

    @Option(names = "--qdisc-bypass", description = "With --engine mmsg: past the interface's queueing discipline.")
    private boolean bypass;

    /** The engine. @throws IllegalArgumentException that says what is wrong with which option */
    public Engine engine() {
        return Engine.of(name, bypass)
                .orElseThrow(() -> new IllegalArgumentException(
                        "--qdisc-bypass goes with --engine " + Engine.withBypass() + ": the others have no choice"));
    }
}
