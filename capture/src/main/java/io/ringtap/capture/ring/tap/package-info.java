/** The queue between a capture thread and whoever looks at its frames while it runs. */
package io.ringtap.capture.ring.tap;
