-- What wrk asks and tells for the bench. Paths after `--` are asked for in turn; without any it asks for that of its URL, and builds no
-- request anew. Each thread counts what it asks for: with a connection a thread, that is what each connection got.

local threads, asked, turn = {}, {}, 0
count = 0

function setup(thread)
  table.insert(threads, thread)
end

function init(arguments)
  for _, path in ipairs(arguments) do
    table.insert(asked, wrk.format("GET", path))
  end
  if #asked > 0 then
    function request()
      turn, count = turn % #asked + 1, count + 1
      return asked[turn]
    end
  end
end

function done(summary, latency, requests)
  local each = {}
  for _, thread in ipairs(threads) do
    table.insert(each, thread:get("count"))
  end
  local errors = summary.errors
  io.write(string.format(
    '\n{"requests": %d, "duration": %d, "p50": %d, "p99": %d, "most": %d, "status": %d, "broken": %d, "late": %d, "each": [%s]}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), latency.max,
    errors.status, errors.connect + errors.read + errors.write, errors.timeout, table.concat(each, ", ")))
end
