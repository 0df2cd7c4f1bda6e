/**
 * Injection, and the way in: {@link io.ringtap.inject.InjectLoop}, the thread that gives each stream its turn. Below it are the
 * packages {@code stream} (a stream from its opening to its end), {@code pace} (when its frames fall due), {@code send} (what
 * engines implement), {@code config} (what was asked for) and {@code template}, {@code replay} and {@code mark} (what its frames
 * hold). Packages know only those below them; {@code pcap}, {@code pcapng}, {@code mmsg} and {@code xdp} are the engines.
 */
@NullMarked
package io.ringtap.inject;

import org.jspecify.annotations.NullMarked;
