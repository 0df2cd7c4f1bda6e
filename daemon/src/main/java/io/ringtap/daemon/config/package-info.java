/**
 * The configuration: a TOML file and options, read into a {@link io.ringtap.daemon.DaemonConfig} or refused with
 * everything that is wrong with them. The only place that knows tomlj.
 */
package io.ringtap.daemon.config;
