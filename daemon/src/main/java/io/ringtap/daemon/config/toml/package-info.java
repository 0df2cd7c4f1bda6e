/** A configuration file as it is written: tables, entries, where each stands, and what is wrong with them. Knows TOML, and no key. */
package io.ringtap.daemon.config.toml;
