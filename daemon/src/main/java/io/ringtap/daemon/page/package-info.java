/** The page of a daemon for a browser: what is so now, and what was so in the last 15 minutes. Nothing here is on a frame's way. */
package io.ringtap.daemon.page;
