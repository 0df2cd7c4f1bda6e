/**
 * For tests of handlers, without root, threads or a daemon: {@link io.ringtap.testkit.HandlerTrial} leads a handler through its
 * life, {@link io.ringtap.testkit.TestContext} keeps what it did, {@link io.ringtap.testkit.TestSettings} gives it its keys.
 * Needs no test framework.
 */
@NullMarked
package io.ringtap.testkit;

import org.jspecify.annotations.NullMarked;
