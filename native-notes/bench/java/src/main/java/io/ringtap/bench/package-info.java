/** Handlers that the measurements in native-notes/bench run inside the daemon. They print what they found when it stops. */
package io.ringtap.bench;
