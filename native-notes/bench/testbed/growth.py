"""Whether something grows: a JVM's memory rises in steps until everything is compiled and its heap is as large as it
gets, and then no more; what leaks goes on rising. So the second half of a run is judged, by two measures.

The slope is the median of the slopes between any two looks (Theil and Sen): one step does not tilt it, nor do single high
looks, but a leak does, be it in drops or in more than one step. The rise, from the first three looks of that half to the last
three, each by their median, bounds what a single step may be.

>>> def memory(minutes, kib_at):
...     return [(60 * m, 260_000 + kib_at(m) + m % 3 * 20) for m in range(minutes)]
>>> def judge(looks):
...     half = second_half(looks)
...     return f"{slope_an_hour(half) / 1024:+.1f} MiB an hour, {rise(half) / 1024:+.1f} MiB"

Steps of 10 and 5 MiB in the tenth and the seventeenth minute, and then flat:

>>> judge(memory(31, lambda m: (m >= 10) * 10_240 + (m >= 17) * 5_120))
'+0.0 MiB an hour, +5.0 MiB'

A leak of 20 MiB an hour: by the minute, in steps every six minutes, under the same two steps, and over an hour.

>>> judge(memory(31, lambda m: 20_480 * m // 60))
'+20.0 MiB an hour, +4.4 MiB'
>>> judge(memory(31, lambda m: m // 6 * 2_048))
'+20.0 MiB an hour, +4.0 MiB'
>>> judge(memory(31, lambda m: 20_480 * m // 60 + (m >= 10) * 10_240 + (m >= 17) * 5_120))
'+20.0 MiB an hour, +9.4 MiB'
>>> judge(memory(61, lambda m: 20_480 * m // 60))
'+20.0 MiB an hour, +9.4 MiB'

A step that is too high, two minutes before the end:

>>> judge(memory(31, lambda m: (m >= 29) * 130_000))
'+0.1 MiB an hour, +126.9 MiB'
"""
import statistics


def second_half(looks):
    """Of pairs of seconds and value, in the order of time."""
    middle = (looks[0][0] + looks[-1][0]) / 2
    return [(at, value) for at, value in looks if at >= middle]


def slope_an_hour(looks):
    slopes = [(b - a) / (late - early) for i, (early, a) in enumerate(looks) for late, b in looks[i + 1:]]
    return 3600 * statistics.median(slopes)


def rise(looks):
    return statistics.median(v for _, v in looks[-3:]) - statistics.median(v for _, v in looks[:3])
