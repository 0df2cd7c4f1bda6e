/**
 * What the daemon tells, as far as the page shows it: types alone. `stats` is what `ringtap stats --json` prints, and is described
 * in daemon/README.md.
 *
 * @typedef {object} Capture
 * @property {string} name
 * @property {string} interface
 * @property {"running" | "waiting" | "failed" | "ended"} state
 * @property {number} received
 * @property {number} kernel_dropped
 * @property {number} [unread]
 * @property {number} [interface_dropped]
 * @property {number} [driver_dropped]
 * @property {number} published
 * @property {number} [cut]
 * @property {number} ring_used
 * @property {number} ring_capacity
 * @property {number} [blocked_seconds]
 * @property {number} [kernel_ring_fill]
 * @property {number} [gap_count]
 *
 * @typedef {object} HandlerLoad
 * @property {string} type
 * @property {string} [filter]
 * @property {number} frames
 * @property {number} busy_share
 * @property {number} [p50_seconds]
 * @property {number} [p99_seconds]
 *
 * @typedef {object} Worker
 * @property {string} name
 * @property {string} capture
 * @property {"gate" | "detach" | "in-place"} delivery
 * @property {number} delivered
 * @property {number} failed
 * @property {number} shed
 * @property {number} lag
 * @property {number} [busy_share]
 * @property {number} [lag_seconds]
 * @property {number} [blocked_seconds]
 * @property {HandlerLoad[]} [handlers]
 *
 * @typedef {object} Inject
 * @property {string} name
 * @property {string} interface
 * @property {number} sent
 * @property {number} failed
 * @property {Record<string, number>} failures
 * @property {number} [achieved_pps]
 * @property {number} [asked_pps]
 * @property {number} [deviation_p99_seconds]
 *
 * @typedef {object} HandlerTable
 * @property {string} worker
 * @property {string} capture
 * @property {string} type
 * @property {Record<string, Record<string, number>>} table
 *
 * @typedef {object} Loss
 * @property {"interface" | "kernel_ring" | "queue"} stage
 * @property {string} capture
 * @property {string} [worker]
 * @property {number} frames
 * @property {string} cause
 * @property {string} cure
 *
 * @typedef {object} Stats
 * @property {Capture[]} captures
 * @property {Worker[]} workers
 * @property {Inject[]} injects
 * @property {HandlerTable[]} handlers
 * @property {{ lost: number, in_flight: number, unaccounted: number, verdict: string, losses: Loss[] }} ledger
 * @property {number} uptime_seconds
 *
 * @typedef {"frames" | "lost" | "fill" | "busy" | "lag" | "latency" | "deviation"} ChartName
 *
 * @typedef {object} Mark
 * @property {"loss" | "gap" | "reload"} kind
 * @property {string} from
 * @property {string} [to]
 * @property {string} what
 * @property {string} cause
 * @property {string} cure
 *
 * @typedef {object} Now
 * @property {number} time milliseconds since 1970
 * @property {Stats} stats
 * @property {[ChartName, string, number][]} readings
 * @property {Mark[]} marks
 *
 * @typedef {object} Past
 * @property {number[]} times
 * @property {[ChartName, string, (number | null)[]][]} lines
 *
 * @typedef {object} Flow
 * @property {string} protocol
 * @property {string} source
 * @property {number} [source_port]
 * @property {string} destination
 * @property {number} [destination_port]
 * @property {number} [vlan]
 * @property {{ frames: number, bytes: number }} forward
 * @property {{ frames: number, bytes: number }} reverse
 *
 * @typedef {object} Recordings
 * @property {string} folder
 * @property {{ name: string, bytes: number, ended: string }[]} files the newest first
 */

export {};
