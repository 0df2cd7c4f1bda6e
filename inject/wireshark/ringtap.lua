-- Wireshark dissector for the mark that ringtap puts into frames; ../STREAMS.md has its layout.
-- Put it into Wireshark's personal Lua plugin folder, or run: tshark -X lua_script:ringtap.lua
-- Wireshark 3.6 and newer.

local ringtap = Proto("ringtap", "ringtap mark")

local MAGIC = 0x52544150 -- "RTAP"
local MARK_BYTES = 32
local ETHERTYPE = 0x88b5
local WINDOW = 65536 -- numbers behind the highest one of a stream that are remembered

local fields = {
    version = ProtoField.uint8("ringtap.version", "Version"),
    checked = ProtoField.bool("ringtap.checked", "Has a CRC", 8, nil, 0x01),
    length = ProtoField.uint16("ringtap.length", "Payload length"),
    sequence = ProtoField.uint64("ringtap.sequence", "Sequence number"),
    time = ProtoField.absolute_time("ringtap.time", "Send time", base.UTC),
    stream = ProtoField.uint32("ringtap.stream", "Stream"),
    crc = ProtoField.uint32("ringtap.crc", "CRC-32C", base.HEX),
    lost = ProtoField.uint64("ringtap.lost", "Numbers missing before"),
}
ringtap.fields = fields

local experts = {
    gap = ProtoExpert.new("ringtap.gap", "Frames are missing", expert.group.SEQUENCE, expert.severity.WARN),
    duplicate = ProtoExpert.new("ringtap.duplicate", "Duplicate frame", expert.group.SEQUENCE, expert.severity.WARN),
    reordered = ProtoExpert.new("ringtap.reordered", "Reordered frame", expert.group.SEQUENCE, expert.severity.WARN),
    late = ProtoExpert.new("ringtap.late", "Reordered or duplicate, too old to tell",
        expert.group.SEQUENCE, expert.severity.WARN),
    damaged = ProtoExpert.new("ringtap.damaged", "Damaged: the CRC is wrong",
        expert.group.CHECKSUM, expert.severity.ERROR),
    unchecked = ProtoExpert.new("ringtap.unchecked", "Too little was captured to check the CRC",
        expert.group.UNDECODED, expert.severity.NOTE),
}
ringtap.experts = experts

local streams = {} -- by stream: the highest number, and the numbers seen in the window below it
local verdicts = {} -- by frame and place in it: what the first pass found

function ringtap.init()
    streams = {}
    verdicts = {}
end

-- CRC-32C, reflected: polynomial 0x1EDC6F41.
local crc_table = {}
for i = 0, 255 do
    local crc = i
    for _ = 1, 8 do
        local low = bit.band(crc, 1)
        crc = bit.rshift(crc, 1)
        if low == 1 then
            crc = bit.bxor(crc, 0x82f63b78)
        end
    end
    crc_table[i] = crc
end

local function crc32c(payload, crc_at)
    local bytes = payload:raw()
    local crc = 0xffffffff
    for i = 1, #bytes do
        if i <= crc_at or i > crc_at + 4 then
            crc = bit.bxor(bit.rshift(crc, 8), crc_table[bit.band(bit.bxor(crc, bytes:byte(i)), 0xff)])
        end
    end
    return bit.bxor(crc, 0xffffffff) % 0x100000000
end

-- What a number is to those of its stream that came before.
local function judge(stream, sequence)
    local known = streams[stream]
    if known == nil then
        streams[stream] = { highest = sequence, seen = { [tostring(sequence)] = true } }
        return {}
    end
    local key = tostring(sequence)
    if known.highest < sequence then
        local missing = sequence - known.highest - UInt64(1)
        local dropped = (sequence - known.highest):tonumber()
        if dropped >= WINDOW then
            known.seen = {}
        else
            for i = 1, dropped do
                if known.highest + UInt64(i) > UInt64(WINDOW) then
                    known.seen[tostring(known.highest + UInt64(i) - UInt64(WINDOW))] = nil
                end
            end
        end
        known.highest = sequence
        known.seen[key] = true
        if missing > UInt64(0) then
            return { lost = missing }
        end
        return {}
    end
    if known.seen[key] then
        return { expert = experts.duplicate }
    end
    if known.highest - sequence >= UInt64(WINDOW) then
        return { expert = experts.late }
    end
    known.seen[key] = true
    return { expert = experts.reordered }
end

-- payload: what the CRC is over; at: where in it the mark begins.
local function dissect(payload, at, pinfo, tree)
    local mark = payload(at, MARK_BYTES)
    local stream = mark(24, 4):uint()
    local sequence = mark(8, 8):uint64()
    pinfo.cols.protocol = "RINGTAP"
    pinfo.cols.info = "stream " .. stream .. " sequence " .. tostring(sequence)
    local node = tree:add(ringtap, mark)
    node:add(fields.version, mark(4, 1))
    node:add(fields.checked, mark(5, 1))
    node:add(fields.length, mark(6, 2))
    local number = node:add(fields.sequence, mark(8, 8))
    local nanos = mark(16, 8):uint64()
    local billion = UInt64(1000000000)
    local sent = NSTime((nanos / billion):tonumber(), (nanos % billion):tonumber())
    node:add(fields.time, mark(16, 8), sent)
    node:add(fields.stream, mark(24, 4))
    local crc = node:add(fields.crc, mark(28, 4))

    local id = pinfo.number .. ":" .. mark:offset()
    if verdicts[id] == nil then
        local verdict = {}
        local length = mark(6, 2):uint()
        if bit.band(mark(5, 1):uint(), 1) == 1 then
            if length < MARK_BYTES or length > payload:reported_length_remaining() then
                verdict = { damaged = true }
            elseif length > payload:len() then
                verdict = { unchecked = true }
            elseif crc32c(payload(0, length), at + 28) ~= mark(28, 4):uint() then
                verdict = { damaged = true }
            end
        end
        if not verdict.damaged then
            local judged = judge(stream, sequence)
            judged.unchecked = verdict.unchecked
            verdict = judged
        end
        verdicts[id] = verdict
    end
    local verdict = verdicts[id]
    if verdict.damaged then
        crc:add_proto_expert_info(experts.damaged)
    end
    if verdict.unchecked then
        crc:add_proto_expert_info(experts.unchecked)
    end
    if verdict.expert then
        number:add_proto_expert_info(verdict.expert)
    end
    if verdict.lost then
        node:add(fields.lost, verdict.lost):set_generated()
        number:add_proto_expert_info(experts.gap, tostring(verdict.lost) .. " frames are missing before this one")
    end
end

local function is_mark(buffer, at)
    return at >= 0 and buffer:len() >= at + MARK_BYTES and buffer(at, 4):uint() == MAGIC and buffer(at + 4, 1):uint() == 1
end

-- Behind the EtherType.
function ringtap.dissector(buffer, pinfo, tree)
    if not is_mark(buffer, 0) then
        return 0
    end
    dissect(buffer, 0, pinfo, tree)
    return buffer:len()
end

-- At the end of a UDP datagram.
local function heuristic(buffer, pinfo, tree)
    local at = buffer:reported_len() - MARK_BYTES
    if not is_mark(buffer, at) then
        return false
    end
    dissect(buffer, at, pinfo, tree)
    return true
end

DissectorTable.get("ethertype"):add(ETHERTYPE, ringtap)
ringtap:register_heuristic("udp", heuristic)
