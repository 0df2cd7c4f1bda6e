/** The daemon: captures, workers and streams of a configuration, put together, watched and stopped. */
package io.ringtap.daemon;
