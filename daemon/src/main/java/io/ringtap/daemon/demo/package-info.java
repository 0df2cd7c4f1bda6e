/** The demonstration: a veth pair, a source of sequenced frames, the whole daemon, and a verdict from what arrived. */
package io.ringtap.daemon.demo;
