/** The ledger for Prometheus, over HTTP. Nothing here is on a frame's way: counts are read when they are asked for. */
package io.ringtap.daemon.metrics;
