package io.ringtap.daemon.page;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The page's files are formatted by Prettier and checked by TypeScript, which reads types out of their comments. Both are what npm has,
 * out of Maven's repository: no npm is needed. With {@code -Dpage.format} they are formatted here.
 */
class PageScriptsTest {
    private static final Path PAGE =
            Path.of("src/main/resources/io/ringtap/daemon/page").toAbsolutePath();

    /** All that can be checked, but what uPlot's own types do not keep to. */
    private static final String OPTIONS = """
            {"compilerOptions": {"allowJs": true, "checkJs": true, "noEmit": true, "strict": true, "target": "es2023",
            "module": "esnext", "moduleResolution": "bundler", "lib": ["es2023", "dom", "dom.iterable"], "types": [],
            "noUnusedLocals": true, "noUnusedParameters": true, "noImplicitReturns": true, "noImplicitOverride": true,
            "noFallthroughCasesInSwitch": true, "noUncheckedIndexedAccess": true, "exactOptionalPropertyTypes": true,
            "noPropertyAccessFromIndexSignature": true, "allowUnreachableCode": false, "skipLibCheck": true},
            "files": ["main.js", "uPlot.d.ts"]}""";

    @TempDir
    private Path folder;

    /** Takes a folder out of a package's jar. */
    private Path unpacked(String name) throws IOException {
        String version;
        try (InputStream in =
                getClass().getResourceAsStream("/META-INF/maven/org.webjars.npm/" + name + "/pom.properties")) {
            Properties properties = new Properties();
            properties.load(in);
            version = properties.getProperty("version");
        }
        String inside = "META-INF/resources/webjars/" + name + "/" + version + "/";
        Path to = folder.resolve(name);
        try (ZipFile jar = new ZipFile(jar(name + "-" + version + ".jar"))) {
            for (ZipEntry entry : jar.stream().toList()) {
                if (entry.getName().startsWith(inside) && !entry.isDirectory()) {
                    Path file = to.resolve(entry.getName().substring(inside.length()));
                    Files.createDirectories(file.getParent());
                    Files.copy(jar.getInputStream(entry), file);
                }
            }
        }
        return to;
    }

    private static String jar(String name) {
        return Stream.of(System.getProperty("java.class.path").split(":", -1))
                .filter(part -> part.endsWith("/" + name))
                .findFirst()
                .orElseThrow();
    }

    private static String node(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("node"));
        command.addAll(List.of(arguments));
        Process node = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(node.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return node.waitFor() + "\n" + output;
    }

    @Test
    void shouldBeFormatted() throws Exception {
        String prettier = unpacked("prettier").resolve("bin/prettier.cjs").toString();
        String what = System.getProperty("page.format") == null ? "--check" : "--write";
        assertEquals("0\n", node(prettier, "--log-level", "warn", what, PAGE.toString()));
    }

    @Test
    void shouldHoldWhatTypesPromise() throws Exception {
        Path checked = Files.createDirectory(folder.resolve("checked"));
        try (Stream<Path> files = Files.list(PAGE)) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".js")).toList()) {
                Files.copy(file, checked.resolve(file.getFileName()));
            }
        }
        Files.copy(unpacked("uplot").resolve("dist/uPlot.d.ts"), checked.resolve("uPlot.d.ts"));
        Files.writeString(checked.resolve("tsconfig.json"), OPTIONS);
        String tsc = unpacked("typescript").resolve("lib/tsc.js").toString();
        assertEquals("0\n", node(tsc, "-p", checked.toString()));
        Files.writeString(
                checked.resolve("text.js"),
                "/** @param {number} n */ export function unchecked(n) { return n.length; }\n");
        assertEquals(
                "2", node(tsc, "-p", checked.toString()).lines().findFirst().orElseThrow(), "it does check");
    }
}
