-- What wrk asks for, and one line of numbers at the end: requests, seconds, failures, p50 and p99 in microseconds.
-- wrk … URL -s load.lua -- KIND [ARGUMENT…]; KIND is one of those at the end.

local threads = {}

function setup(thread)
    table.insert(threads, thread)
end

-- A network of its own for each request: limits count by network, and are not what is measured.
local sent = 0
local function network()
    sent = sent + 1
    return string.format("%d.%d.%d.9", 11 + math.floor(sent / 65536) % 200, math.floor(sent / 256) % 256, sent % 256)
end

local kinds = {}

-- One page again and again.
function kinds.page()
end

-- The same, from everywhere.
function kinds.search()
    request = function()
        return wrk.format("GET", nil, { ["X-Forwarded-For"] = network() })
    end
end

-- Every page of a file of paths in turn.
function kinds.walk(args)
    local pages = {}
    for path in io.lines(args[2]) do
        table.insert(pages, wrk.format("GET", path))
    end
    request = function()
        sent = sent + 1
        return pages[1 + sent % #pages]
    end
end

-- Comments under some posts in turn: PAUSE (milliseconds between two of a connection, on average), RUN (a word that makes the texts of
-- this run differ from those of another), the ids of the posts. An answer other than 303 is a failure.
function kinds.comments(args)
    local pause, run, first, posts = tonumber(args[2]), args[3], 4, 0
    while args[first + posts] do
        posts = posts + 1
    end
    kept, refused, refusal = {}, 0, ""
    request = function()
        local from = network()
        local body = string.format(
            "post=%s&name=Reader+%d&text=This+is+what+reader+%d+of+%s+has+to+say%%2C+and+*no+other*+says+it.",
            args[first + sent % posts], sent, sent, run)
        return wrk.format("POST", "/comments", {
            ["Content-Type"] = "application/x-www-form-urlencoded",
            ["X-Forwarded-For"] = from,
        }, body)
    end
    response = function(status, headers)
        local id = status == 303 and string.match(headers["location"] or headers["Location"] or "", "#comment%-(%d+)$")
        if id then
            kept[#kept + 1] = id
        else
            refused, refusal = refused + 1, tostring(status)
        end
    end
    if pause > 0 then
        -- Around it, as people come: sixteen at one moment and nobody in between would be no steady stream.
        delay = function()
            return math.random(0, 2 * pause)
        end
    end
end

function init(args)
    -- Once more to come back to the counting of numbers by wrk itself: it looks for these functions after this one ran.
    kinds[args[1] or "page"](args)
end

function done(summary, latency)
    local errors = summary.errors
    local failures = errors.connect + errors.read + errors.write + errors.status + errors.timeout
    for _, thread in ipairs(threads) do
        local refused = thread:get("refused")
        if refused and refused > 0 then
            io.stderr:write(refused, " comments were not acknowledged; the last answer was ", thread:get("refusal"), "\n")
            failures = failures + refused
        end
        for _, id in ipairs(thread:get("kept") or {}) do
            io.write("kept ", id, "\n")
        end
    end
    io.write(string.format("measured %d %.6f %d %d %d\n", summary.requests, summary.duration / 1e6, failures,
        latency:percentile(50), latency:percentile(99)))
end
