/** Plug-ins: jars in a folder that bring types of handlers. */
package io.ringtap.daemon.plugin;
