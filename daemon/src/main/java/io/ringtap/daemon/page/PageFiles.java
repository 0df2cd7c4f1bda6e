package io.ringtap.daemon.page;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/** The files that a browser is given, all out of this program's jars. Read when they are asked for; nothing is kept. */
final class PageFiles {
    private static final String UPLOT = "/META-INF/resources/webjars/uplot/" + uplotVersion() + "/dist/";
    private static final String SCRIPT = "text/javascript; charset=utf-8";
    private static final String STYLE = "text/css; charset=utf-8";

    private static final List<PageFile> ALL = Stream.of(
                    Stream.of(
                            new PageFile("/", "index.html", "text/html; charset=utf-8"),
                            new PageFile("/page/page.css", "page.css", STYLE),
                            new PageFile("/page/icon.svg", "icon.svg", "image/svg+xml"),
                            new PageFile("/page/uPlot.js", UPLOT + "uPlot.esm.js", SCRIPT),
                            new PageFile("/page/uPlot.css", UPLOT + "uPlot.min.css", STYLE)),
                    Stream.of("main", "answers", "charts", "element", "marks", "pipe", "tables", "text")
                            .map(name -> new PageFile("/page/" + name + ".js", name + ".js", SCRIPT)))
            .flatMap(files -> files)
            .toList();

    private PageFiles() {}

    /** A file by the path it is asked for, the resource it is, and its media type. */
    record PageFile(String path, String resource, String type) {
        void answer(HttpExchange exchange) throws IOException {
            try (InputStream in = PageFiles.class.getResourceAsStream(resource)) {
                if (in == null) {
                    throw new IOException("there is no resource " + resource);
                }
                Answer.bytes(exchange, 200, type, in.readAllBytes());
            }
        }
    }

    /** Its jar has its files in a folder of that name. */
    private static String uplotVersion() {
        Properties jar = new Properties();
        try (InputStream in =
                PageFiles.class.getResourceAsStream("/META-INF/maven/org.webjars.npm/uplot/pom.properties")) {
            jar.load(Objects.requireNonNull(in, "uPlot's jar is missing"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return jar.getProperty("version");
    }

    static Optional<PageFile> of(String path) {
        return ALL.stream().filter(file -> file.path().equals(path)).findFirst();
    }
}
