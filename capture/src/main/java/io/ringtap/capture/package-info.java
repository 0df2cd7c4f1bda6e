/** A capture: its configuration, where its frames come from, where they go, and the thread between. */
package io.ringtap.capture;
