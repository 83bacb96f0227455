-- wrk: posts one submission after another; KEYED=1 gives each an idempotency key of its own. Ends with one JSON line.
local keyed = os.getenv("KEYED") == "1"
local run = os.getenv("RUN") or "0"
local body = io.open(os.getenv("BODY"), "rb"):read("*a")
local threads, count = 0, 0

function setup(thread)
  threads = threads + 1
  thread:set("id", threads)
end

function request()
  local headers = { ["Content-Type"] = "application/json" }
  if keyed then
    count = count + 1
    headers["Idempotency-Key"] = run .. "-" .. id .. "-" .. count
  end
  return wrk.format("POST", nil, headers, body)
end

function done(summary, latency)
  local failed = summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
  io.write(string.format('{"n": %d, "failed": %d, "seconds": %f, "p99_ms": %f}\n',
    summary.requests, failed, summary.duration / 1e6, latency:percentile(99) / 1e3))
end
