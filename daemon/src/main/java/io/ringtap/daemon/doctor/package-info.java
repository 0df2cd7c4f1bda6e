/**
 * What will lose frames or surprise on a machine, found before it does: the looking behind {@code ringtap doctor}. A check asks a
 * machine, and tells a finding where something is wrong; what it cannot read it passes over.
 */
package io.ringtap.daemon.doctor;
