package io.ringtap.inject.config;

/** A rate that a stream may be asked for: frames or bits a second, or as much as the engine sends. Immutable and valid. */
public sealed interface AskedRate permits SendRate, Schedule.TopSpeed {}
