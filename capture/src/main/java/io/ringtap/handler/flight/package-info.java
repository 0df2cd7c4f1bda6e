/**
 * The handler {@code flight-recorder}: the last frames in memory, written to a file when something has happened. {@link
 * io.ringtap.handler.flight.FlightRecorderHandler} puts frames into its thread's {@code FlightRing}; a {@code Dump} has a {@code
 * RingCursor} in each ring, which keeps what it has still to write, and is moved by the recorder's own thread.
 */
package io.ringtap.handler.flight;
