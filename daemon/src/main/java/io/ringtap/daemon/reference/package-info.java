/**
 * What is told of the configuration's keys, and the commented configuration that is made of it. The manual's page and the schema
 * for editors are made by the build, of the same. The daemon itself needs none of it.
 */
package io.ringtap.daemon.reference;
