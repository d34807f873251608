-- wrk's script: purchases of 5,000 members in turn, each request with a key of its own, each answer looked at.
-- Arguments: "api" <file of card texts> <API key> <location>, or "bare" <file of standings>.

local ffi = require("ffi")
ffi.cdef "typedef struct { long sec; long usec; } bench_timeval; int gettimeofday(bench_timeval *, void *);"
local clock = ffi.new("bench_timeval[1]")

local threads = {}

function setup(thread)
  thread:set("number", #threads)
  table.insert(threads, thread)
end

-- A UUIDv7 in text: milliseconds, then a count and the thread's number, so that keys come in the order of time.
local function next_key()
  ffi.C.gettimeofday(clock, nil)
  local ms = tonumber(clock[0].sec) * 1000 + math.floor(tonumber(clock[0].usec) / 1000)
  count = count + 1
  local high = math.floor(ms / 65536)
  return string.format("%08x-%04x-7%03x-8%03x-%06x%06x",
    high, ms % 65536, count % 4096, math.floor(count / 4096) % 4096, run, number * 65536 + math.floor(count / 16777216))
end

function init(args)
  mode, count, asked, good, bad, first = args[1], 0, 0, 0, 0, ""
  people = {}
  for line in io.lines(args[2]) do
    people[#people + 1] = line
  end
  ffi.C.gettimeofday(clock, nil)
  run = tonumber(clock[0].usec) % 16777216
  if mode == "api" then
    headers = { ["Content-Type"] = "application/json", ["Authorization"] = "Bearer " .. args[3] }
    location = args[4]
  else
    standing = {}
    for index, line in ipairs(people) do
      local who, version, progress, seq = line:match("(%S+) (%d+) (%d+) (%d+)")
      standing[index] = { who, tonumber(version), tonumber(progress), tonumber(seq) }
    end
  end
end

-- Threads take turns with the members: no member has two requests on the way.
local function next_person()
  local of = math.floor(#people / 2)
  local index = (asked % of) * 2 + 1 + number
  asked = asked + 1
  return index
end

local function ask_api()
  local amount = 400 + (asked * 37) % 2000
  headers["Idempotency-Key"] = next_key()
  local body = string.format('{"card":"%s","amount":"%d.%02d","currency":"EUR","location":"%s","reference":"R-%d"}',
    people[next_person()], math.floor(amount / 100), amount % 100, location, asked)
  return wrk.format("POST", "/api/v1/purchases", headers, body)
end

local function ask_bare()
  local at = standing[next_person()]
  local path = string.format("/?%s&v=%d&p=%d&s=%d", at[1], at[2], at[3], at[4])
  at[2], at[3], at[4] = at[2] + 1, at[3] + 1200, at[4] + 1
  return wrk.format("POST", path)
end

function request()
  if number == 0 and not verified then -- wrk looks at one request first, and does not send it
    verified = true
    return wrk.format("POST", "/")
  end
  if mode == "api" then return ask_api() end
  return ask_bare()
end

function response(status, _headers, body)
  if status == 201 then
    good = good + 1
  else
    bad = bad + 1
    if first == "" then first = status .. " " .. body:sub(1, 300) end
  end
end

function done(summary, latency, _requests)
  local good, bad, first = 0, 0, ""
  for _, thread in ipairs(threads) do
    good, bad = good + thread:get("good"), bad + thread:get("bad")
    if first == "" then first = thread:get("first") end
  end
  local errors = summary.errors
  io.write(string.format("\nBENCH %d %d %d %.0f %.3f %.3f %s\n", good, bad,
    errors.connect + errors.read + errors.write + errors.timeout, summary.duration,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000, first:gsub("%s+", " ")))
end
