/** The screen of {@code ringtap top}: what it shows of looks at a daemon, and the terminal that shows it. */
package io.ringtap.daemon.cli.top;
