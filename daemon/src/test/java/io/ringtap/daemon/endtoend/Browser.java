package io.ringtap.daemon.endtoend;

import io.ringtap.testnet.VethPair;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** Debian's Chromium, without a window, in the calling thread's network namespace. */
final class Browser implements AutoCloseable {
    private static final Path SCREENSHOTS = Path.of("target", "screenshots");

    private final ChromeDriver driver;
    private final List<String> complaints = new ArrayList<>();

    private Browser(ChromeDriver driver) {
        this.driver = driver;
    }

    /** Starts it; {@code folder} is for what it keeps. */
    static Browser open(Path folder) {
        ChromeOptions options = new ChromeOptions();
        options.setBinary("/usr/bin/chromium");
        options.addArguments(
                "--headless=new",
                "--no-sandbox", // which root cannot have
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--hide-scrollbars",
                "--user-data-dir=" + folder.resolve("chromium"));
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, java.util.logging.Level.ALL);
        options.setCapability(ChromeOptions.LOGGING_PREFS, logs);
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(Path.of("/usr/bin/chromedriver").toFile())
                .usingAnyFreePort()
                .build();
        return new Browser(new ChromeDriver(service, options));
    }

    /** Shows a page, in a window of a size and with colours for {@code light} or {@code dark}. */
    Browser show(String url, int width, int height, String scheme) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
        driver.get(url);
        return this;
    }

    /** Waits until an element holds a text. */
    void await(String selector, String text) {
        try {
            VethPair.await(() -> text(selector).contains(text));
        } catch (IllegalStateException e) {
            throw new AssertionError(selector + " holds " + text(selector) + ", not " + text, e);
        }
    }

    /** The text of the element of a selector; empty if there is none. */
    String text(String selector) {
        try {
            return String.join(
                    "\n",
                    driver.findElements(By.cssSelector(selector)).stream()
                            .map(WebElement::getText)
                            .toList());
        } catch (StaleElementReferenceException e) {
            return "";
        }
    }

    /** The cells of a row of the table with a caption, by column: the row whose first cell is as told. */
    @SuppressWarnings("unchecked") // text by text, as the script makes it
    Map<String, String> row(String caption, String first) {
        return (Map<String, String>) run("""
                const table = [...document.querySelectorAll("table")].find((t) => t.caption.textContent === arguments[0]);
                const names = [...table.tHead.rows[0].cells].map((cell) => cell.textContent);
                const row = [...table.tBodies[0].rows].find((r) => r.cells[0].textContent === arguments[1]);
                return Object.fromEntries([...row.cells].map((cell, at) => [names[at], cell.textContent]));
                """, caption, first);
    }

    /** What a script returns. */
    Object run(String script, Object... arguments) {
        return driver.executeScript(script, arguments);
    }

    /** Presses a key, as a keyboard does, on what has the focus. */
    void press(Keys key) {
        new Actions(driver).sendKeys(key).perform();
    }

    /** What has the focus, by its label, or else its name. */
    String focused() {
        return (String) run("const at = document.activeElement; return at.getAttribute('aria-label') ?? at.localName");
    }

    /** What axe-core finds to be an obstacle for anybody: rule and element, a line each. */
    String obstacles() throws IOException {
        if (!(Boolean) run("return 'axe' in window")) {
            driver.executeScript(axe());
        }
        keepComplaints();
        String found = (String) driver.executeAsyncScript("""
                const done = arguments[0];
                axe.run().then(
                    ({ violations }) => done(violations.flatMap(
                        ({ id, nodes }) => nodes.map(({ html, failureSummary }) => id + ": " + html + failureSummary)).join("\\n")),
                    (error) => done(String(error)));
                """);
        driver.manage().logs().get(LogType.BROWSER); // axe's own: it reads what is on a canvas
        return found;
    }

    private static String axe() throws IOException {
        String version;
        try (InputStream in =
                Browser.class.getResourceAsStream("/META-INF/maven/org.webjars.npm/axe-core/pom.properties")) {
            Properties properties = new Properties();
            properties.load(in);
            version = properties.getProperty("version");
        }
        try (InputStream in =
                Browser.class.getResourceAsStream("/META-INF/resources/webjars/axe-core/" + version + "/axe.min.js")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Keeps a picture of the window's top, or of the whole page, in {@code target/screenshots}. */
    void screenshot(String name) throws IOException {
        Object data = driver.executeCdpCommand("Page.captureScreenshot", Map.of("format", "png"))
                .get("data");
        Files.createDirectories(SCREENSHOTS);
        Files.write(SCREENSHOTS.resolve(name + ".png"), Base64.getDecoder().decode((String) data));
    }

    /** What the page's scripts, or the browser about them, have complained of since this was asked last. */
    List<String> complaints() {
        keepComplaints();
        List<String> all = List.copyOf(complaints);
        complaints.clear();
        return all;
    }

    private void keepComplaints() {
        driver.manage()
                .logs()
                .get(LogType.BROWSER)
                .forEach(entry -> complaints.add(entry.getLevel() + " " + entry.getMessage()));
    }

    @Override
    public void close() {
        driver.quit();
    }
}
