package io.ringtap;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.ringtap.daemon.Main;
import io.ringtap.daemon.Rehearsal;
import io.ringtap.daemon.cli.RingtapCommand;
import io.ringtap.daemon.cli.StopSignal;
import java.time.Instant;

/** Which way the modules and packages depend on each other, and which package knows which library. */
@AnalyzeClasses(packages = "io.ringtap", importOptions = ArchitectureTest.MainClasses.class)
class ArchitectureTest {
    private static final String[] CAPTURE = {
        "io.ringtap.frame..",
        "io.ringtap.ledger..",
        "io.ringtap.capture..",
        "io.ringtap.handler..",
        "io.ringtap.lock..",
        "io.ringtap.zstd..",
        "io.ringtap.testkit.."
    };
    private static final String INJECT = "io.ringtap.inject..";
    private static final String DAEMON = "io.ringtap.daemon..";
    private static final String MAIN = "io.ringtap.daemon.Main";

    @ArchTest
    static void shouldSeeTheClassesOfEveryModule(JavaClasses classes) {
        assertTrue(classes.contain("io.ringtap.frame.Frame"), "capture");
        assertTrue(classes.contain("io.ringtap.inject.config.InjectConfig"), "inject");
        assertTrue(classes.contain(MAIN), "daemon");
    }

    @ArchTest
    static final ArchRule captureShouldKnowNeitherInjectNorDaemon = noClasses()
            .that()
            .resideInAnyPackage(CAPTURE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(INJECT, DAEMON);

    @ArchTest
    static final ArchRule injectShouldNotKnowDaemon =
            noClasses().that().resideInAPackage(INJECT).should().dependOnClassesThat(resideInAPackage(DAEMON));

    @ArchTest
    static final ArchRule instantsShouldBecomeTextByTimeTextAlone = noClasses()
            .that()
            .resideInAnyPackage("io.ringtap.handler..", "io.ringtap.daemon.cli..", "io.ringtap.daemon.control..")
            .should()
            .callMethod(Instant.class, "toString");

    @ArchTest
    static final ArchRule handlersShouldHaveNoInstantToPrint = noClasses()
            .that()
            .resideInAPackage("io.ringtap.handler..")
            .and(not(simpleName("RecordFolder"))) // a format of its own, for a file's name
            .should()
            .callMethod(Instant.class, "ofEpochSecond", long.class, long.class);

    @ArchTest
    static final ArchRule packagesShouldHaveNoCycles = slices().matching("io.ringtap.(**)")
            .should()
            .beFreeOfCycles()
            // the process's ways in stand beside what they start, and nothing calls them
            .ignoreDependency(Main.class, RingtapCommand.class)
            .ignoreDependency(Main.class, StopSignal.class)
            .ignoreDependency(Rehearsal.class, RingtapCommand.class)
            .ignoreDependency(Rehearsal.class, StopSignal.class);

    @ArchTest
    static final ArchRule captureShouldNotKnowItsTechnology = noClasses()
            .that()
            .resideInAnyPackage(
                    "io.ringtap.capture", "io.ringtap.frame..", "io.ringtap.ledger..", "io.ringtap.handler..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.ringtap.capture.pcap..", "io.ringtap.capture.ring..");

    /** The rooms of inject, from the way in to what a frame holds: each knows those named after it in its line, and no other. */
    @ArchTest
    static final ArchRule injectShouldPointOneWay = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("loop")
            .definedBy("io.ringtap.inject")
            .layer("stream")
            .definedBy("io.ringtap.inject.stream")
            .layer("pace")
            .definedBy("io.ringtap.inject.pace")
            .layer("send")
            .definedBy("io.ringtap.inject.send")
            .layer("config")
            .definedBy("io.ringtap.inject.config")
            .layer("frames")
            .definedBy("io.ringtap.inject.template", "io.ringtap.inject.replay", "io.ringtap.inject.mark")
            .layer("engines")
            .definedBy(
                    "io.ringtap.inject.pcap",
                    "io.ringtap.inject.pcapng",
                    "io.ringtap.inject.kernel",
                    "io.ringtap.inject.mmsg",
                    "io.ringtap.inject.xdp")
            .whereLayer("loop")
            .mayOnlyAccessLayers("stream", "pace", "send", "config", "frames")
            .whereLayer("stream")
            .mayOnlyAccessLayers("pace", "send", "config", "frames")
            .whereLayer("pace")
            .mayOnlyAccessLayers("config", "frames")
            .whereLayer("send")
            .mayOnlyAccessLayers("config", "frames")
            .whereLayer("config")
            .mayOnlyAccessLayers("frames")
            .whereLayer("frames")
            .mayNotAccessAnyLayer()
            .whereLayer("engines")
            .mayOnlyAccessLayers("send", "config", "frames");

    @ArchTest
    static final ArchRule injectShouldNotKnowCapturesTechnology = noClasses()
            .that()
            .resideInAnyPackage(
                    "io.ringtap.inject",
                    "io.ringtap.inject.stream",
                    "io.ringtap.inject.pace",
                    "io.ringtap.inject.send",
                    "io.ringtap.inject.config",
                    "io.ringtap.inject.template")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.ringtap.capture.pcap..", "io.ringtap.capture.ring..");

    @ArchTest
    static final ArchRule framesShouldKnowNothingElseOfRingtap = noClasses()
            .that()
            .resideInAnyPackage("io.ringtap.frame..", "io.ringtap.ledger..")
            .should()
            .dependOnClassesThat(resideInAPackage("io.ringtap..")
                    .and(not(resideInAnyPackage("io.ringtap.frame..", "io.ringtap.ledger.."))));

    /** org.pcap4j.packet and org.pcap4j.util are data types, and may be used anywhere. */
    @ArchTest
    static final ArchRule onlyPcapPackagesShouldKnowPcap4jCore =
            only("org.pcap4j.core..", "io.ringtap.capture.pcap..", "io.ringtap.inject.pcap..");

    @ArchTest
    static final ArchRule onlyTheRingShouldKnowDisruptor = only("com.lmax.disruptor..", "io.ringtap.capture.ring..");

    @ArchTest
    static final ArchRule onlyTheCommandLineShouldKnowPicocli = noClasses()
            .that()
            .resideOutsideOfPackage("io.ringtap.daemon.cli..")
            .and()
            .doNotHaveFullyQualifiedName(MAIN)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("picocli..");

    @ArchTest
    static final ArchRule onlyConfigShouldKnowToml = only("org.tomlj..", "io.ringtap.daemon.config..");

    @ArchTest
    static final ArchRule onlyTopShouldKnowTheTerminal = only("org.jline..", "io.ringtap.daemon.cli.top..");

    @ArchTest
    static final ArchRule onlyControlAndCommandLineShouldKnowJson = noClasses()
            .that()
            .resideOutsideOfPackages(
                    "io.ringtap.daemon.control..", "io.ringtap.daemon.cli..", "io.ringtap.daemon.page..")
            .and(not(simpleName("MetricsPart"))) // which hands a control call on to the page
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.google.gson..");

    @ArchTest
    static final ArchRule onlyMetricsShouldKnowPrometheus = only("io.prometheus..", "io.ringtap.daemon.metrics..");

    @ArchTest
    static final ArchRule onlyTechnologyShouldUseNativeMemory = noClasses()
            .that(not(resideInAnyPackage(
                    "io.ringtap..pcap..",
                    "io.ringtap..ring..",
                    "io.ringtap..systemd..",
                    "io.ringtap.daemon.signal..",
                    "io.ringtap..control..",
                    "io.ringtap..doctor..",
                    "io.ringtap.lock..",
                    "io.ringtap.zstd..",
                    "io.ringtap.inject.kernel..",
                    "io.ringtap.inject.mmsg..",
                    "io.ringtap.inject.xdp..",
                    "io.ringtap..flows..",
                    "io.ringtap..flight..")))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.lang.foreign..", "com.sun.jna..");

    @ArchTest
    static final ArchRule onlyMainShouldExit = noClasses()
            .that()
            .doNotHaveFullyQualifiedName(MAIN)
            .should()
            .callMethod(System.class, "exit", int.class)
            .orShould()
            .callMethod(Runtime.class, "exit", int.class)
            .orShould()
            .callMethod(Runtime.class, "halt", int.class);

    @ArchTest
    static final ArchRule librariesShouldNotPrint = noClasses()
            .that()
            .resideInAnyPackage(CAPTURE)
            .or()
            .resideInAPackage(INJECT)
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err");

    @ArchTest
    static final ArchRule logsShouldGoThroughSlf4j =
            noClasses().should().dependOnClassesThat().resideInAPackage("java.util.logging..");

    private static ArchRule only(String library, String... packages) {
        return noClasses()
                .that()
                .resideOutsideOfPackages(packages)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library);
    }

    /** Neither this module's tests nor those that another module shares as a jar. */
    static final class MainClasses implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("/test-classes/") && !location.contains("-tests.jar");
        }
    }
}
