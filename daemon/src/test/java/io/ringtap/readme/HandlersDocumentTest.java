package io.ringtap.readme;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.daemon.plugin.PluginFolder;
import io.ringtap.frame.FrameHandler;
import io.ringtap.frame.HandlerContext;
import io.ringtap.frame.HandlerSettings;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** capture/HANDLERS.md against the interfaces that it tells of. */
class HandlersDocumentTest {
    private static final Path FILE = Readme.ROOT.resolve("capture/HANDLERS.md");

    @TempDir
    private Path folder;

    private static String text() throws IOException {
        return Files.readString(FILE);
    }

    private static Set<String> methods(Class<?> type) {
        return Arrays.stream(type.getDeclaredMethods())
                .filter(method -> !Modifier.isStatic(method.getModifiers()) && !method.isSynthetic())
                .map(Method::getName)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void shouldHaveALineForEachMethodThatAHandlerMayHave() throws IOException {
        Set<String> lines = Pattern.compile("^\\| `(\\w+)` \\|", Pattern.MULTILINE)
                .matcher(text())
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(methods(FrameHandler.class), lines);
    }

    @Test
    void shouldNameEverythingThatAHandlerFindsAroundIt() throws IOException {
        String text = text();
        for (Class<?> type : new Class<?>[] {HandlerSettings.class, HandlerContext.class}) {
            for (String method : methods(type)) {
                assertTrue(
                        Pattern.compile("`" + method + "(\\([\\w, ]*\\))?`")
                                .matcher(text)
                                .find(),
                        type.getSimpleName() + "." + method);
            }
        }
        assertEquals(10, HandlerContext.LINES_A_SECOND); // "ten lines a second"
        assertTrue(text.contains("`" + PluginFolder.DEFAULT + "`"));
    }

    @Test
    void shouldShowATestThatCompilesAgainstTheExample() throws Exception {
        String block = text().replaceFirst("(?s).*```java\n(.*?)```.*", "$1");
        ReadmeFolder checkout = ReadmeFolder.in(folder);
        checkout.write("Shown.java", """
                package org.example.oversize;
                import static org.junit.jupiter.api.Assertions.assertEquals;
                import io.ringtap.testkit.*;
                import java.nio.file.Path;
                import java.time.Duration;
                class Shown {
                    void shouldCount() {
                """ + block + "}}\n");
        Path example = Readme.ROOT.resolve("capture/example-plugin/src/main/java/org/example/oversize");
        checkout.write("OversizeHandler.java", Files.readString(example.resolve("OversizeHandler.java")));
        checkout.run("javac -Xlint:all -Werror -proc:none -d compiled -cp 'daemon/target/lib/*' Shown.java"
                + " OversizeHandler.java");
    }

    @Test
    void shouldLinkToWhatIsThere() throws IOException {
        for (String target : Pattern.compile("\\]\\(([^)#]+)")
                .matcher(text())
                .results()
                .map(found -> found.group(1))
                .toList()) {
            assertTrue(Files.exists(FILE.resolveSibling(target)), target);
        }
    }
}
