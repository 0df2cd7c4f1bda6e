/** System calls of Linux that engines send by, and what their errors mean. */
package io.ringtap.inject.kernel;
